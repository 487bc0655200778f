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
import { REMOTE_STATE } from "../../src/aws/names";
import { deployPlan } from "../../src/deploy/deploy";
import { workspaceOf } from "../../src/deploy/workspace";
import { RemoteState } from "../../src/stacks/remote-state";
import { policiesOf } from "../stacks/policies";
import { synthStack } from "../support";
import { allows, lines, recordingInto, rightsIn } from "../workflows/calls";
import { BOT, REPOSITORY } from "../workflows/github";
import { PULL_REQUEST, Repository, SET_UP } from "../workflows/repository";
import type { Context, JobRun } from "../workflows/runner";
import { DEPLOYED, NOTHING_DEPLOYED } from "./census";
import { Cloud } from "./support";

let cloud: Cloud;
let repository: Repository;

/** What every call to AWS is written into. */
const calls = join(mkdtempSync(join(tmpdir(), "calls-")), "calls");

beforeAll(async () => {
  Object.assign(process.env, recordingInto(calls));
  cloud = await Cloud.start("made");
  repository = await Repository.into(cloud.folder, cloud.folder);
});

afterAll(async () => {
  await cloud.stop();
  rmSync(dirname(calls), { recursive: true });
});

/** Rights that were needed, by workflow. */
const needed: Record<string, string[]> = {};

async function runs(
  workflow: string,
  context: Context,
  before: Readonly<Record<string, () => void>> = {},
): Promise<JobRun> {
  repository.forgetPlans();
  const from = lines(calls).length;
  const ended = await repository.run(workflow, context, { before });
  (needed[workflow] ??= []).push(...rightsIn(calls, from));
  return ended;
}

const group = async () => (await cloud.scaling.send(new DescribeAutoScalingGroupsCommand({}))).AutoScalingGroups?.[0];

test("a pull request gets one comment with the review, and its plan is kept encrypted under the tree's name", async () => {
  const { failed, output } = await runs("plan", PULL_REQUEST);
  expect({ failed, output }).toEqual({
    failed: false,
    output: expect.stringMatching(/^… Planning local\n(… .*\n)*✓ Planning local: \d+ s\n$/) as string,
  });
  const { comments, artifacts } = repository.github.store;
  expect(comments).toHaveLength(1);
  expect(comments[0]?.issue).toBe(5);
  expect(comments[0]?.body).toMatch(/^<!-- plan:local -->\n### Plan of local\n\n[\s\S]*46 CREATED/i);
  expect(comments[0]?.body).toContain("Of fedcba987654, by [this run](https://github.example/");
  expect(artifacts.map(({ name }) => name)).toEqual([`plan-local-${await repository.checkout.tree()}`]);
  expect(existsSync(repository.checkout.path("plan.tfplan.gpg"))).toBe(true);
  expect(readFileSync(repository.checkout.path("plan.tfplan.gpg")).includes("tfplan")).toBe(false);
  expect(await cloud.census()).toEqual(NOTHING_DEPLOYED);
});

test("a second push updates that comment, and nobody else's", async () => {
  const theirs = "<!-- plan:local -->\nmine, says somebody";
  repository.github.change(({ comments }) =>
    comments.unshift({ id: 50, issue: 5, body: theirs, user: { login: "somebody" } }),
  );
  const { failed } = await runs("plan", {
    ...PULL_REQUEST,
    "github.event.pull_request.head.sha": "aaaaaaaaaaaaaaaa",
  });
  expect(failed).toBe(false);
  const { comments } = repository.github.store;
  expect(comments.find(({ id }) => id === 50)?.body).toBe(theirs);
  const ours = comments.filter(({ user }) => user.login === BOT);
  expect(ours).toHaveLength(1);
  expect(ours[0]?.body).toContain("Of aaaaaaaaaaaa, by");
});

test("a merge applies the plan that was reviewed, not what the settings would say by then", async () => {
  let restore: () => void = () => undefined;
  const { failed, output, ran } = await runs("deploy", SET_UP, {
    Deploy: () => {
      restore = repository.checkout.edit("src/config/environments.ts", "maxSize: 4", "maxSize: 9");
    },
    Verify: () => restore(),
  });
  expect(output).toMatch(/checks passed: local is as its settings say/);
  expect(failed).toBe(false);
  expect(ran).toEqual(["Find the plan", "Open the plan", "Deploy", "Verify"]);
  expect((await group())?.MaxSize).toBe(4);
  expect(await cloud.census()).toEqual(DEPLOYED);
});

test("a plan that has been applied is stale: it is refused in a line, and nothing changes", async () => {
  const { failed, output } = await runs("deploy", SET_UP);
  expect(failed).toBe(true);
  expect(output).toContain(
    "The plan is stale: local has changed since it was made, so nothing was changed. Plan again",
  );
  expect(await cloud.census()).toEqual(DEPLOYED);
});

test("a plan is applied to no other environment than its own, and one that is not there to none", async () => {
  const plan = repository.checkout.path("plan.tfplan");
  const production = await workspaceOf("production", cloud.folder, process.env, true);
  await expect(deployPlan(production, plan, () => undefined)).rejects.toThrow(
    `${plan} is a plan for local, not for production; nothing was changed`,
  );
  expect((await repository.checkout.command("deploy", "local", "--plan", "no.tfplan")).output).toContain(
    "There is no plan no.tfplan",
  );
});

test("a merge that changes nothing in AWS is deployed as well", async () => {
  expect(await runs("plan", PULL_REQUEST)).toMatchObject({ failed: false });
  const comment = repository.github.store.comments.find(({ user }) => user.login === BOT);
  expect(comment?.body).toMatch(/no changes/i);
  const { failed, output } = await runs("deploy", SET_UP);
  expect(output).toMatch(/Apply complete! Resources: 0 added, 0 changed, 0 destroyed/);
  expect(failed).toBe(false);
});

test("drift: no issue while nothing differs, one for a rule added by hand, which is updated and in the end closed", async () => {
  const issues = () => repository.github.store.issues;
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
  expect(repository.github.store.comments.at(-1)).toMatchObject({
    issue: 1,
    body: expect.stringContaining("Nothing is left") as string,
  });
});

describe("what was asked of AWS", () => {
  const github = { repository: REPOSITORY };
  const stack = synthStack(
    new RemoteState(Testing.app(), REMOTE_STATE, {
      remoteState: { ...remoteState, github },
      environments: { local: environments.local },
    }),
  );
  const actionsOf = (name: "plan" | "deploy") =>
    policiesOf(stack, name).flatMap(({ statements }) => statements.flatMap(({ actions }) => actions));

  test.each(["plan", "drift"])("by %s.yml, the plan role may", (workflow) => {
    expect(needed[workflow]).toContain("ec2:DescribeImages");
    expect(needed[workflow]?.filter((right) => !allows(actionsOf("plan"), right))).toEqual([]);
  });

  test("by deploy.yml, the deploy role may", () => {
    expect(needed["deploy"]).toContain("ec2:CreateVpc");
    expect(needed["deploy"]?.filter((right) => !allows(actionsOf("deploy"), right))).toEqual([]);
  });

  test("by taking it all down, the deploy role may", async () => {
    const from = lines(calls).length;
    expect((await cloud.command(["destroy", "local", "local"])).code).toBe(0);
    const rights = rightsIn(calls, from);
    expect(rights).toContain("ec2:DeleteVpc");
    expect(rights.filter((right) => !allows(actionsOf("deploy"), right))).toEqual([]);
  });
});
