/** The workflows' shell steps that need no AWS, as the files have them: what starts, which plan is found, what is said. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BOT, type Github } from "./github";
import { PULL_REQUEST, Repository, SET_UP } from "./repository";
import type { Context } from "./runner";

const folder = mkdtempSync(join(tmpdir(), "workflows-"));
let repository: Repository;

beforeAll(async () => {
  repository = await Repository.into(folder);
});
beforeEach(() => repository.forgetPlans());
afterAll(() => rmSync(folder, { recursive: true }));

const NO_PASSPHRASE = { ...SET_UP, "secrets.PLAN_PASSPHRASE": "" };

test("a pull request from a fork starts nothing", async () => {
  const fork = { ...PULL_REQUEST, "github.event.pull_request.head.repo.full_name": "somebody/flask-on-aws" };
  expect(await repository.run("plan", fork, { only: [] })).toMatchObject({ started: false });
  expect(await repository.run("plan", PULL_REQUEST, { only: [] })).toMatchObject({ started: true });
});

test.each(["plan", "deploy", "drift"])("%s starts nothing where no role is set up", async (workflow) => {
  const fresh = { ...SET_UP, "vars.AWS_PLAN_ROLE": "", "vars.AWS_DEPLOY_ROLE": "" };
  expect(await repository.run(workflow, fresh, { only: [] })).toMatchObject({ started: false });
  expect(await repository.run(workflow, SET_UP, { only: [] })).toMatchObject({ started: true });
});

describe("the plan of what main is", () => {
  const NONE = /^::error::No plan was made of what main is now .* Run the workflow "plan" on main, .*\n$/;
  const find = (context: Context = SET_UP) => repository.run("deploy", context, { only: ["Find the plan"] });
  const keep = async (run: Parameters<Github["keep"]>[3] = {}, ...from: number[]) =>
    repository.github.keep(
      repository.checkout.folder,
      `plan-local-${await repository.checkout.tree()}`,
      "package.json",
      run,
      ...from,
    );
  beforeEach(() => repository.github.change((store) => Object.assign(store, { artifacts: [], runs: [] })));

  test("is the newest that was kept of its tree", async () => {
    await keep();
    await keep();
    expect(await find()).toMatchObject({ failed: false, outputs: { artifact: "101", run: "101" } });
  });

  test("is none where there is none, and a line says what to do", async () => {
    expect(await find()).toMatchObject({ failed: true, output: expect.stringMatching(NONE) as string });
  });

  test("is none of another tree", async () => {
    await keep();
    repository.checkout.edit("CHANGELOG.md", "# Changelog", "# Changelog of another merge");
    await repository.checkout.commit("main moves");
    expect(await find()).toMatchObject({ failed: true, output: expect.stringMatching(NONE) as string });
  });

  test("is none that bears its name and is a fork's, another workflow's, or of a run whose policies failed", async () => {
    await keep({}, 666);
    await keep({ path: ".github/workflows/other.yml" });
    await keep({ conclusion: "failure" });
    expect(await find()).toMatchObject({ failed: true, output: expect.stringMatching(NONE) as string });
  });

  test("is none in a public repository without a passphrase, which is told so", async () => {
    const said = /^::error::There is no plan to deploy: a public repository keeps none without .*\n$/;
    expect(await find(NO_PASSPHRASE)).toMatchObject({ failed: true, output: expect.stringMatching(said) as string });
  });
});

describe("the file that is kept", () => {
  const planned = { "steps.review.outputs.code": "2" };
  const keep = (context: Context) => repository.run("plan", { ...context, ...planned }, { only: ["Keep the plan"] });
  const open = (context: Context = SET_UP) => repository.run("deploy", context, { only: ["Open the plan"] });
  const { write, path } = {
    write: (file: string, content: string | Buffer) => repository.checkout.write(file, content),
    path: (file: string) => repository.checkout.path(file),
  };

  test("is the plan itself in a private repository without a passphrase, and there is none in a public one", async () => {
    write("plan.tfplan", "a plan");
    const inPublic = await keep(NO_PASSPHRASE);
    expect(inPublic.outputs["file"]).toBeUndefined();
    expect(inPublic.output).toContain("::warning::The plan is not kept, so no merge can be deployed");
    const inPrivate = await keep({ ...NO_PASSPHRASE, "github.event.repository.private": true });
    expect(inPrivate.outputs["file"]).toBe("plan.tfplan");
    expect(await open(NO_PASSPHRASE)).toMatchObject({ failed: false, output: "" });
  });

  test("opens with the passphrase alone, and not at all when it was changed", async () => {
    write("plan.tfplan", "a plan");
    await keep(SET_UP);
    rmSync(path("plan.tfplan"));
    const kept = readFileSync(path("plan.tfplan.gpg"));
    expect(kept.includes("a plan")).toBe(false);

    const wrong = await open({ ...SET_UP, "secrets.PLAN_PASSPHRASE": "wrong" });
    expect(wrong).toMatchObject({ failed: true });
    expect(wrong.output).toContain("::error::The plan was not encrypted with this PLAN_PASSPHRASE");
    expect(existsSync(path("plan.tfplan"))).toBe(false);
    expect((await open(NO_PASSPHRASE)).output).toContain("::error::The plan is encrypted");

    const changed = Buffer.from(kept);
    changed[kept.length - 30] = (changed[kept.length - 30] ?? 0) ^ 1;
    write("plan.tfplan.gpg", changed);
    expect(await open()).toMatchObject({ failed: true });

    write("plan.tfplan.gpg", kept);
    expect(await open()).toMatchObject({ failed: false, output: "" });
    expect(readFileSync(path("plan.tfplan"), "utf8")).toBe("a plan");
  });

  test("is refused where it is not encrypted though there is a passphrase", async () => {
    write("plan.tfplan", "a plan that somebody forged");
    const { failed, output } = await open();
    expect(failed).toBe(true);
    expect(output).toContain("::error::The plan is not encrypted, though PLAN_PASSPHRASE is set");
  });
});

describe("the review", () => {
  const steps = ["Comment", "Keep the plan", "Verdict"];
  const ends = (context: Context, code: string) =>
    repository.run("plan", { ...context, "steps.review.outputs.code": code }, { only: steps });
  const comments = () => repository.github.store.comments;
  beforeEach(() => {
    repository.github.change((store) => (store.comments = []));
    repository.checkout.write("review.md", "something\n");
  });

  test.each([
    ["3", "::error::A policy fails; the comment says which\n", /### Plan of local\n\nsomething\n/],
    ["1", "::error::There is no plan; the step Review says why\n", /\n\*\*There is no plan\*\*: \[the run\]/],
  ])("that ends with %s keeps no plan, is told in the comment, and then fails the job", async (code, line, said) => {
    expect(await ends(PULL_REQUEST, code)).toMatchObject({ failed: true, ran: ["Comment", "Verdict"], output: line });
    expect(comments()).toMatchObject([{ issue: 5, user: { login: BOT }, body: expect.stringMatching(said) as string }]);
  });

  test("made by hand, on main, is in the run's summary, and in no comment", async () => {
    repository.checkout.write("plan.tfplan", "a plan");
    const ended = await ends({ ...SET_UP, "github.event_name": "workflow_dispatch" }, "2");
    expect(ended).toMatchObject({ failed: false, output: "", ran: steps });
    expect(ended.summary).toMatch(/### Plan of local\n\nsomething\n\n<sub>Of 0123456789ab, by/);
    expect(comments()).toEqual([]);
  });

  test("leaves a comment alone that somebody else began with its marker", async () => {
    const theirs = { id: 50, issue: 5, body: "<!-- plan:local -->\nmine", user: { login: "somebody" } };
    repository.github.change((store) => (store.comments = [theirs]));
    repository.checkout.write("plan.tfplan", "a plan");
    await ends(PULL_REQUEST, "2");
    await ends(PULL_REQUEST, "0");
    expect(comments()).toMatchObject([theirs, { id: 2, issue: 5, user: { login: BOT } }]);
  });
});
