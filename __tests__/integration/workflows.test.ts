/**
 * The shell steps of plan.yml, deploy.yml and drift.yml, as the files have them, with the real Terraform on an emulated AWS.
 *
 * Beside AWS only GitHub is not itself: `gh` is a stand-in that keeps comments, issues and artifacts in a file.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import {
  AuthorizeSecurityGroupIngressCommand,
  DescribeSecurityGroupsCommand,
  RevokeSecurityGroupIngressCommand,
} from "@aws-sdk/client-ec2";
import { Testing } from "cdktf";
import { environments, remoteState } from "../../src/config/environments";
import { REMOTE_STATE } from "../../src/naming";
import { RemoteState } from "../../src/stacks/remote-state";
import { synthStack } from "../support";
import { allows, lines, recordingInto, rightsIn } from "../workflows/calls";
import { BOT, Github, REPOSITORY } from "../workflows/github";
import { runJob, type Context, type JobRun } from "../workflows/runner";
import { jobOf, type Job } from "../workflows/workflow";
import { Checkout } from "./checkout";
import { Cloud, DEPLOYED, MINUTE, NOTHING_DEPLOYED } from "./support";

const PASSPHRASE = "correct horse battery staple";
const PLANS = ["plan.tfplan", "plan.tfplan.gpg"];

/** A public repository, set up as the README says. */
const SET_UP: Context = {
  "matrix.environment": "local",
  "vars.AWS_PLAN_ROLE": "arn:aws:iam::123456789012:role/plan",
  "vars.AWS_DEPLOY_ROLE": "arn:aws:iam::123456789012:role/deploy",
  "secrets.PLAN_PASSPHRASE": PASSPHRASE,
  "github.token": "token",
  "github.repository": REPOSITORY,
  "github.ref": "refs/heads/main",
  "github.sha": "0123456789abcdef",
  "github.event.repository.private": false,
};
const PULL_REQUEST: Context = {
  ...SET_UP,
  "github.event_name": "pull_request",
  "github.ref": "refs/pull/5/merge",
  "github.event.pull_request.number": "5",
  "github.event.pull_request.head.sha": "fedcba9876543210",
  "github.event.pull_request.head.repo.full_name": REPOSITORY,
};

let cloud: Cloud;
let checkout: Checkout;
let github: Github;

/** What every call to AWS is written into. */
const calls = join(mkdtempSync(join(tmpdir(), "calls-")), "calls");

beforeAll(async () => {
  Object.assign(process.env, recordingInto(calls));
  cloud = await Cloud.start("made");
  checkout = await Checkout.of(cloud);
  github = new Github(join(cloud.folder, "github"));
}, MINUTE);

afterAll(async () => {
  await cloud.stop();
  rmSync(dirname(calls), { recursive: true });
}, MINUTE);

const inCheckout = (file: string) => join(checkout.folder, file);
const forget = () => PLANS.forEach((file) => rmSync(inCheckout(file), { force: true }));

/** Rights that were needed, by workflow. */
const needed: Record<string, string[]> = {};

async function runs(
  workflow: string,
  context: Context,
  before: Readonly<Record<string, () => void>> = {},
): Promise<JobRun> {
  forget();
  const from = lines(calls).length;
  const ended = await runJob(jobOf(workflow), {
    cwd: checkout.folder,
    env: github.env,
    context,
    before,
    skip: ["Install"], // the packages are there
    actions: {
      "actions/upload-artifact": ({ name = "", path = "" }) => github.keep(checkout.folder, name, path),
      "actions/download-artifact": (inputs) =>
        github.fetch(checkout.folder, inputs["artifact-ids"] ?? "", inputs["run-id"] ?? ""),
    },
  });
  (needed[workflow] ??= []).push(...rightsIn(calls, from));
  return ended;
}

const group = async () => (await cloud.scaling.send(new DescribeAutoScalingGroupsCommand({}))).AutoScalingGroups?.[0];

test("a pull request from a fork starts nothing", async () => {
  const fork = { ...PULL_REQUEST, "github.event.pull_request.head.repo.full_name": "somebody/flask-on-aws" };
  expect(await runs("plan", fork)).toMatchObject({ started: false, ran: [] });
});

test.each(["plan", "deploy", "drift"])("%s starts nothing where no role is set up", async (workflow) => {
  const fresh = { ...SET_UP, "vars.AWS_PLAN_ROLE": "", "vars.AWS_DEPLOY_ROLE": "" };
  expect(await runs(workflow, fresh)).toMatchObject({ started: false, ran: [] });
});

test(
  "a pull request gets one comment with the review, and its plan is kept encrypted under the tree's name",
  async () => {
    const { failed, output } = await runs("plan", PULL_REQUEST);
    expect({ failed, output }).toEqual({ failed: false, output: "" });
    const { comments, artifacts } = github.store;
    expect(comments).toHaveLength(1);
    expect(comments[0]?.issue).toBe(5);
    expect(comments[0]?.body).toMatch(/^<!-- plan:local -->\n### Plan of local\n\n[\s\S]*46 CREATED/i);
    expect(comments[0]?.body).toContain("Of fedcba987654, by [this run](https://github.example/");
    expect(artifacts.map(({ name }) => name)).toEqual([`plan-local-${await checkout.tree()}`]);
    expect(existsSync(inCheckout("plan.tfplan.gpg"))).toBe(true);
    expect(readFileSync(inCheckout("plan.tfplan.gpg")).includes("tfplan")).toBe(false);
    expect(await cloud.census()).toEqual(NOTHING_DEPLOYED);
  },
  2 * MINUTE,
);

test(
  "a second push updates that comment, and nobody else's",
  async () => {
    const theirs = "<!-- plan:local -->\nmine, says somebody";
    github.change(({ comments }) => comments.unshift({ id: 50, issue: 5, body: theirs, user: { login: "somebody" } }));
    const { failed } = await runs("plan", {
      ...PULL_REQUEST,
      "github.event.pull_request.head.sha": "aaaaaaaaaaaaaaaa",
    });
    expect(failed).toBe(false);
    const { comments } = github.store;
    expect(comments.find(({ id }) => id === 50)?.body).toBe(theirs);
    const ours = comments.filter(({ user }) => user.login === BOT);
    expect(ours).toHaveLength(1);
    expect(ours[0]?.body).toContain("Of aaaaaaaaaaaa, by");
  },
  2 * MINUTE,
);

test(
  "a merge applies the plan that was reviewed, not what the settings would say by then",
  async () => {
    let restore: () => void = () => undefined;
    const { failed, output, ran } = await runs("deploy", SET_UP, {
      Deploy: () => {
        restore = checkout.edit("src/config/environments.ts", "maxSize: 4", "maxSize: 9");
      },
      Verify: () => restore(),
    });
    expect(output).toMatch(/facts of local stand as the settings say/);
    expect(failed).toBe(false);
    expect(ran).toEqual(["Find the plan", "Open the plan", "Deploy", "Verify"]);
    expect((await group())?.MaxSize).toBe(4);
    expect(await cloud.census()).toEqual(DEPLOYED);
  },
  4 * MINUTE,
);

test(
  "a plan that has been applied is stale: it is refused in a line, and nothing changes",
  async () => {
    const { failed, output } = await runs("deploy", SET_UP);
    expect(failed).toBe(true);
    expect(output).toContain(
      "The plan is stale: local has changed since it was made, so nothing was changed. Plan again",
    );
    expect(await cloud.census()).toEqual(DEPLOYED);
  },
  MINUTE,
);

test(
  "a plan is applied to no other environment than its own, and one that is not there to none",
  async () => {
    const restore = checkout.edit(
      "src/config/environments.ts",
      "local: derive(production, {",
      'local: derive(production, {\n    tags: { Environment: "other" },',
    );
    const { code, output } = await checkout.command("deploy", "local", "--plan", "plan.tfplan");
    restore();
    expect(output).toContain("plan.tfplan is a plan for local, not for other; nothing was changed");
    expect(code).toBe(1);
    expect((await checkout.command("deploy", "local", "--plan", "no.tfplan")).output).toContain(
      "There is no plan no.tfplan",
    );
  },
  MINUTE,
);

test(
  "a merge that changes nothing in AWS is deployed as well",
  async () => {
    expect(await runs("plan", PULL_REQUEST)).toMatchObject({ failed: false });
    const comment = github.store.comments.find(({ user }) => user.login === BOT);
    expect(comment?.body).toMatch(/no changes/i);
    const { failed, output } = await runs("deploy", SET_UP);
    expect(output).toMatch(/Apply complete! Resources: 0 added, 0 changed, 0 destroyed/);
    expect(failed).toBe(false);
  },
  2 * MINUTE,
);

describe("where main has another tree than was reviewed", () => {
  const NONE = /^::error::No plan was made of what main is now .* Run the workflow "plan" on main, .*\n$/;
  let name: string;
  beforeAll(async () => {
    checkout.edit("CHANGELOG.md", "# Changelog", "# Changelog of another merge");
    await checkout.commit("main moves");
    name = `plan-local-${await checkout.tree()}`;
  });
  const refused = async () => {
    const { failed, ran, output } = await runs("deploy", SET_UP);
    expect({ failed, ran }).toEqual({ failed: true, ran: ["Find the plan"] });
    return output;
  };
  /** Keeps a file as a plan of this tree. */
  const keep = (...how: Parameters<Github["keep"]> extends [string, string, string, ...infer Rest] ? Rest : never) =>
    github.keep(checkout.folder, name, "package.json", ...how);

  test("there is no plan, and a line says what to do", async () => {
    expect(await refused()).toMatch(NONE);
  });

  test("a file of that name from a fork is none", async () => {
    keep({}, 666);
    expect(await refused()).toMatch(NONE);
  });

  test("nor is one of another workflow, nor of a run whose policies failed", async () => {
    keep({ path: ".github/workflows/other.yml" });
    keep({ conclusion: "failure" });
    expect(await refused()).toMatch(NONE);
  });

  test("a public repository without a passphrase is told that it keeps none", async () => {
    const { failed, output } = await runs("deploy", { ...SET_UP, "secrets.PLAN_PASSPHRASE": "" });
    expect(failed).toBe(true);
    expect(output).toMatch(/^::error::There is no plan to deploy: a public repository keeps none without .*\n$/);
  });
});

describe("the file that is kept", () => {
  /** One step of a job, whatever its condition says. */
  const only = (workflow: string, name: string): Job => {
    const job = jobOf(workflow);
    const found = job.steps.find((step) => step.name === name);
    return { ...job, steps: [{ name, run: found?.run ?? "", env: found?.env ?? {} }] };
  };
  const step = (workflow: string, name: string, context: Context) =>
    runJob(only(workflow, name), { cwd: checkout.folder, env: github.env, context });
  const write = (file: string, content: string | Buffer) => checkout.write(file, content);
  beforeEach(forget);

  test("is the plan itself in a private repository without a passphrase, and there is none in a public one", async () => {
    write("plan.tfplan", "a plan");
    const none = { ...SET_UP, "secrets.PLAN_PASSPHRASE": "" };
    const inPublic = await step("plan", "Keep the plan", none);
    expect(inPublic.outputs["file"]).toBeUndefined();
    expect(inPublic.output).toContain("::warning::The plan is not kept, so no merge can be deployed");
    const inPrivate = await step("plan", "Keep the plan", { ...none, "github.event.repository.private": true });
    expect(inPrivate.outputs["file"]).toBe("plan.tfplan");
  });

  test("opens with the passphrase alone, and not at all when it was changed", async () => {
    write("plan.tfplan", "a plan");
    await step("plan", "Keep the plan", SET_UP);
    rmSync(inCheckout("plan.tfplan"));
    const wrong = await step("deploy", "Open the plan", { ...SET_UP, "secrets.PLAN_PASSPHRASE": "wrong" });
    expect(wrong.failed).toBe(true);
    expect(wrong.output).toContain("::error::The plan was not encrypted with this PLAN_PASSPHRASE");
    expect(existsSync(inCheckout("plan.tfplan"))).toBe(false);

    const kept = readFileSync(inCheckout("plan.tfplan.gpg"));
    const changed = Buffer.from(kept);
    changed[kept.length - 30] = (changed[kept.length - 30] ?? 0) ^ 1;
    write("plan.tfplan.gpg", changed);
    expect((await step("deploy", "Open the plan", SET_UP)).failed).toBe(true);

    write("plan.tfplan.gpg", kept);
    expect((await step("deploy", "Open the plan", SET_UP)).failed).toBe(false);
    expect(readFileSync(inCheckout("plan.tfplan"), "utf8")).toBe("a plan");
  });

  test("is refused where it is not encrypted though there is a passphrase", async () => {
    write("plan.tfplan", "a plan that somebody forged");
    const { failed, output } = await step("deploy", "Open the plan", SET_UP);
    expect(failed).toBe(true);
    expect(output).toContain("::error::The plan is not encrypted, though PLAN_PASSPHRASE is set");
  });
});

test.each([
  ["3", "::error::A policy fails; the comment says which", "something"],
  ["1", "::error::There is no plan; the step Review says why", "**There is no plan**"],
])(
  "a review that ends with %s keeps no plan, says so in the comment, and then fails the job",
  async (code, line, said) => {
    const { steps, ...job } = jobOf("plan");
    checkout.write("review.md", "something\n");
    const ended = await runJob(
      { ...job, steps: steps.filter(({ name }) => name !== "Review") },
      {
        cwd: checkout.folder,
        env: github.env,
        context: { ...PULL_REQUEST, "steps.review.outputs.code": code },
        skip: ["Install"],
      },
    );
    expect(ended).toMatchObject({ failed: true, ran: ["Comment", "Verdict"], output: `${line}\n` });
    expect(github.store.comments.find(({ user }) => user.login === BOT)?.body).toContain(said);
  },
);

test("a review by hand, on main, is in the run's summary, and no pull request's comment changes", async () => {
  const before = github.store.comments;
  const { steps, ...job } = jobOf("plan");
  const ended = await runJob(
    { ...job, steps: steps.filter(({ name }) => name === "Comment" || name === "Verdict") },
    {
      cwd: checkout.folder,
      env: github.env,
      context: { ...SET_UP, "github.event_name": "workflow_dispatch", "steps.review.outputs.code": "2" },
    },
  );
  expect(ended).toMatchObject({ failed: false, output: "" });
  expect(ended.summary).toMatch(/### Plan of local\n\nsomething\n\n<sub>Of 0123456789ab, by/);
  expect(github.store.comments).toEqual(before);
});

test(
  "drift: no issue while nothing differs, one for a rule added by hand, which is updated and in the end closed",
  async () => {
    const issues = () => github.store.issues;
    expect(await runs("drift", SET_UP)).toMatchObject({ failed: false });
    expect(issues()).toEqual([]);

    const groups = (await cloud.ec2.send(new DescribeSecurityGroupsCommand({}))).SecurityGroups ?? [];
    const GroupId = groups.find(({ GroupName }) => GroupName === "local-app_sg")?.GroupId;
    const rule = (port: number) => ({
      GroupId,
      IpPermissions: [{ IpProtocol: "tcp", FromPort: port, ToPort: port, IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
    });
    await cloud.ec2.send(new AuthorizeSecurityGroupIngressCommand(rule(8080)));
    expect(await runs("drift", SET_UP)).toMatchObject({ failed: false });
    expect(issues()).toHaveLength(1);
    expect(issues()[0]).toMatchObject({ title: "Changed by hand in local", state: "open" });
    expect(issues()[0]?.body).toMatch(/app-firewall\S* ingress: .*8080/);

    await cloud.ec2.send(new AuthorizeSecurityGroupIngressCommand(rule(9090)));
    expect(await runs("drift", SET_UP)).toMatchObject({ failed: false });
    expect(issues()).toHaveLength(1);
    expect(issues()[0]?.body).toMatch(/app-firewall\S* ingress: .*9090/);

    for (const port of [8080, 9090]) await cloud.ec2.send(new RevokeSecurityGroupIngressCommand(rule(port)));
    expect(await runs("drift", SET_UP)).toMatchObject({ failed: false });
    expect(issues()).toMatchObject([{ state: "closed" }]);
    expect(github.store.comments.at(-1)).toMatchObject({
      issue: 1,
      body: expect.stringContaining("Nothing is left") as string,
    });
  },
  3 * MINUTE,
);

describe("what was asked of AWS", () => {
  const github = { repository: REPOSITORY };
  const stack = synthStack(
    new RemoteState(Testing.app(), REMOTE_STATE, {
      remoteState: { ...remoteState, github },
      environments: { local: environments.local },
    }),
  );
  const actionsOf = (name: string) =>
    (
      stack.dataAt("aws_iam_policy_document", `github/${name}-document`)["statement"] as { actions: string[] }[]
    ).flatMap(({ actions }) => actions);

  test.each(["plan", "drift"])("by %s.yml, the plan role may", (workflow) => {
    expect(needed[workflow]).toContain("ec2:DescribeImages");
    expect(needed[workflow]?.filter((right) => !allows(actionsOf("plan"), right))).toEqual([]);
  });

  test("by deploy.yml, the deploy role may", () => {
    expect(needed["deploy"]).toContain("ec2:CreateVpc");
    expect(needed["deploy"]?.filter((right) => !allows(actionsOf("deploy"), right))).toEqual([]);
  });

  test(
    "by taking it all down, the deploy role may",
    async () => {
      const from = lines(calls).length;
      expect((await cloud.command(["destroy", "local", "local"])).code).toBe(0);
      const rights = rightsIn(calls, from);
      expect(rights).toContain("ec2:DeleteVpc");
      expect(rights.filter((right) => !allows(actionsOf("deploy"), right))).toEqual([]);
    },
    2 * MINUTE,
  );
});
