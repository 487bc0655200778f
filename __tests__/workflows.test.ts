/** What every workflow keeps to, whoever changes it: pinned actions, least rights, nothing foreign in a shell. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FOLDER, jobOf, readWorkflow } from "./workflows/workflow";

const NAMES = ["ci", "deploy", "drift", "plan"];
const text = (name: string) => readFileSync(join(FOLDER, `${name}.yml`), "utf8");

test("there are four, and each is looked at here", () => {
  expect(readdirSync(FOLDER).sort()).toEqual(NAMES.map((name) => `${name}.yml`));
});

describe.each(NAMES)("%s.yml", (name) => {
  const { permissions, jobs } = readWorkflow(name);
  const steps = Object.values(jobs).flatMap((job) => job.steps);

  test("pins every action by its commit, and says which version that is", () => {
    const uses = [...text(name).matchAll(/uses: .*/g)].map(([line]) => line);
    expect(uses).toHaveLength(steps.filter((step) => step.uses !== undefined).length);
    expect(uses.filter((line) => !/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  });

  test("gives no right but those that a job names", () => {
    expect(permissions).toEqual({});
    for (const job of Object.values(jobs)) expect(job.permissions).toBeDefined();
  });

  test("puts no expression into a shell: values come as environment variables", () => {
    expect(steps.filter(({ run }) => run?.includes("${{") === true)).toEqual([]);
  });

  test("leaves no token in the checkout, and lets Terraform speak for itself", () => {
    const inputs = (action: string) =>
      steps.filter(({ uses }) => uses?.startsWith(`${action}@`)).map((step) => step.with);
    expect(inputs("actions/checkout")).toEqual([{ "persist-credentials": false }]);
    expect(inputs("hashicorp/setup-terraform")).toEqual([{ terraform_version: "1.11.4", terraform_wrapper: false }]);
  });
});

test("one commit of an action everywhere", () => {
  const pins = NAMES.flatMap((name) => [...text(name).matchAll(/uses: (\S+)@(.*)/g)]);
  const commits = new Map<string, Set<string>>();
  for (const [, action = "", commit = ""] of pins) commits.set(action, (commits.get(action) ?? new Set()).add(commit));
  expect([...commits].filter(([, each]) => each.size > 1)).toEqual([]);
});

test("rights: to sign in to AWS without a key, and to write where each workflow writes", () => {
  expect(jobOf("ci").permissions).toEqual({ contents: "read" });
  expect(jobOf("plan").permissions).toEqual({ contents: "read", "id-token": "write", "pull-requests": "write" });
  expect(jobOf("deploy").permissions).toEqual({ actions: "read", contents: "read", "id-token": "write" });
  expect(jobOf("drift").permissions).toEqual({ contents: "read", "id-token": "write", issues: "write" });
});

test("ci runs what a fresh machine runs, on both versions of Node.js", () => {
  const { strategy, steps } = jobOf("ci");
  expect(strategy).toMatchObject({ matrix: { node: [20, 22] } });
  expect(steps.flatMap(({ run }) => run ?? [])).toEqual(["bash .ci/run"]);
});

test("deploy waits for its environment's protection, and one deploy of an environment for another", () => {
  expect(jobOf("deploy")).toMatchObject({
    strategy: { matrix: { environment: ["production"] } },
    environment: "${{ matrix.environment }}",
    concurrency: { group: "deploy-${{ matrix.environment }}", "cancel-in-progress": false },
  });
  expect(readWorkflow("deploy").on).toEqual({ push: { branches: ["main"] }, workflow_dispatch: null });
});

test("no workflow runs a fork's code with this repository's secrets", () => {
  for (const name of NAMES) expect(Object.keys(readWorkflow(name).on)).not.toContain("pull_request_target");
});

test("plan and drift take no lock, for which their role has no right", () => {
  for (const [name, step] of [
    ["plan", "Review"],
    ["drift", "Look"],
  ] as const)
    expect(jobOf(name).steps.find((each) => each.name === step)?.env).toEqual({ TF_CLI_ARGS_plan: "-lock=false" });
});

test("drift looks once a week", () => {
  expect(readWorkflow("drift").on).toEqual({ schedule: [{ cron: "17 4 * * 1" }], workflow_dispatch: null });
});

test("AWS is asked for credentials only after the packages are installed", () => {
  for (const name of ["plan", "deploy", "drift"]) {
    const order = jobOf(name).steps.map((step) => step.name ?? step.uses?.split("@")[0]);
    expect(order.indexOf("Install")).toBeGreaterThan(-1);
    expect(order.indexOf("aws-actions/configure-aws-credentials")).toBeGreaterThan(order.indexOf("Install"));
  }
});
