/** The roles of GitHub's workflows in the remote-state stack. */
import { Testing } from "cdktf";
import { derive } from "../../src/config/derive";
import { environments, remoteState } from "../../src/config/environments";
import type { Settings } from "../../src/config/schema";
import type { GithubSettings } from "../../src/config/sections/github";
import { validate } from "../../src/config/validate";
import { roleNames } from "../../src/constructs/github-roles";
import { REMOTE_STATE } from "../../src/aws/names";
import { RemoteState } from "../../src/stacks/remote-state";
import { synthStack } from "../support";

const { production } = environments;
const staging = derive(production, { region: "eu-west-1", bastion: undefined });
const ISSUER = "token.actions.githubusercontent.com";

interface Statement {
  readonly sid?: string;
  readonly effect?: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition?: readonly {
    readonly test: string;
    readonly variable: string;
    readonly values: readonly string[];
  }[];
}

function stackWith(github: GithubSettings | undefined, deployed: Record<string, Settings> = { production, staging }) {
  const { bucket, region, oldVersionDays } = remoteState;
  const settings = { bucket, region, oldVersionDays, ...(github && { github }) };
  return synthStack(new RemoteState(Testing.app(), REMOTE_STATE, { remoteState: settings, environments: deployed }));
}

const stack = stackWith({ repository: "example/flask-on-aws" });
const policy = (name: "plan" | "deploy", of = stack) =>
  of.dataAt("aws_iam_policy_document", `github/${name}-document`)["statement"] as Statement[];
const trust = (name: "plan" | "deploy") =>
  (stack.dataAt("aws_iam_policy_document", `github/${name}-trust`)["statement"] as Statement[])[0];
const statement = (of: readonly Statement[], sid: string) => of.find((each) => each.sid === sid);

test("are not there unless a repository is named", () => {
  const without = stackWith(undefined);
  expect(without.addresses.filter((address) => address.includes("iam_role") || address.includes("openid"))).toEqual([]);
  expect(Object.keys(without.outputs)).toEqual(["bucket", "deployer_state_policy"]);
});

test("are two, each with one policy, and told as outputs", () => {
  expect(stack.count("aws_iam_role")).toBe(2);
  expect(stack.at("aws_iam_role", "github/plan-role")).toMatchObject({ name: "flask-on-aws-github-plan" });
  expect(stack.at("aws_iam_role", "github/deploy-role")).toMatchObject({ name: "flask-on-aws-github-deploy" });
  expect(stack.count("aws_iam_role_policy")).toBe(2);
  expect(stack.count("aws_iam_role_policy_attachment")).toBe(0);
  expect(Object.keys(stack.outputs)).toEqual(["bucket", "deployer_state_policy", "plan_role", "deploy_role"]);
});

test("make the account's identity provider for GitHub, or take the one that is there", () => {
  expect(stack.only("aws_iam_openid_connect_provider")).toMatchObject({
    url: `https://${ISSUER}`,
    client_id_list: ["sts.amazonaws.com"],
  });
  const existing = stackWith({ repository: "example/flask-on-aws", provider: "existing" });
  expect(existing.count("aws_iam_openid_connect_provider")).toBe(0);
  expect(existing.data("aws_iam_openid_connect_provider")).toMatchObject([{ url: `https://${ISSUER}` }]);
});

test.each([
  ["plan", ["repo:example/flask-on-aws:pull_request", "repo:example/flask-on-aws:ref:refs/heads/main"]],
  ["deploy", ["repo:example/flask-on-aws:environment:production", "repo:example/flask-on-aws:environment:staging"]],
] as const)("%s trusts these jobs of this repository to the letter, and nobody else", (name, subjects) => {
  const { actions, condition } = trust(name) ?? {};
  expect(actions).toEqual(["sts:AssumeRoleWithWebIdentity"]);
  expect(condition).toEqual([
    { test: "StringEquals", variable: `${ISSUER}:aud`, values: ["sts.amazonaws.com"] },
    { test: "StringEquals", variable: `${ISSUER}:sub`, values: subjects },
  ]);
  expect(JSON.stringify(trust(name))).not.toContain("*");
});

test("plan can only look, and reads no data but the states", () => {
  const actions = policy("plan").flatMap((each) => each.actions);
  expect(actions.filter((action) => !/^\w+:(Describe|Get|List)/.test(action))).toEqual([]);
  expect(policy("plan").filter((each) => each.actions.includes("s3:GetObject"))).toMatchObject([
    {
      sid: "ReadState",
      resources: [/production\/terraform\.tfstate$/, /staging\/terraform\.tfstate$/].map(
        (end) => expect.stringMatching(end) as unknown,
      ),
    },
  ]);
  for (const secret of ["secretsmanager:", "kms:", "sqs:", "dynamodb:"])
    expect(actions.filter((action) => action.startsWith(secret))).toEqual([]);
  expect(statement(policy("plan"), "LookUpImages")?.resources).toEqual([
    "arn:aws:ssm:*::parameter/aws/service/ami-amazon-linux-latest/*",
  ]);
});

test("deploy reads, writes and locks the states, as every deployer", () => {
  expect(policy("deploy").map(({ sid }) => sid)).toEqual(
    expect.arrayContaining(["FindState", "ReadAndWriteState", "LockState"]),
  );
});

test("deploy has no whole service, and works in the environments' regions alone", () => {
  const actions = policy("deploy").flatMap((each) => each.actions);
  expect(actions.filter((action) => /^(\*|\w+:\*)$/.test(action))).toEqual([]);
  const everywhere = policy("deploy").filter(
    ({ actions: some, resources, condition }) =>
      resources.includes("*") && condition === undefined && some.some((each) => !/:(Describe|Get|List)/.test(each)),
  );
  expect(everywhere).toEqual([]);
  expect(statement(policy("deploy"), "Build")?.condition).toEqual([
    { test: "StringEquals", variable: "aws:RequestedRegion", values: ["ap-south-1", "eu-west-1"] },
  ]);
});

test("deploy makes no role mightier than Session Manager's, and hands roles to EC2 alone", () => {
  const roles = ["web-app", "web-app-bastion", "staging-web-app", "staging-web-app-bastion"].map(
    (name) => `arn:aws:iam::*:role/${name}`,
  );
  expect(statement(policy("deploy"), "SessionManagerOnly")).toMatchObject({
    resources: roles,
    condition: [{ test: "ArnEquals", values: ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"] }],
  });
  expect(statement(policy("deploy"), "RolesForServers")).toMatchObject({
    actions: ["iam:PassRole"],
    resources: roles,
    condition: [{ variable: "iam:PassedToService", values: ["ec2.amazonaws.com"] }],
  });
  const elsewhere = policy("deploy").filter(({ actions }) =>
    actions.some((action) => /^iam:(Put|CreatePolicy)/.test(action)),
  );
  expect(elsewhere).toEqual([]);
});

test("deploy makes access log buckets only where there are some, and only those", () => {
  expect(statement(policy("deploy"), "AccessLogs")).toBeUndefined();
  const logging = derive(production, { loadBalancer: { accessLogs: { bucket: "our-logs", retentionDays: 30 } } });
  const withLogs = policy("deploy", stackWith({ repository: "example/flask-on-aws" }, { production: logging }));
  expect(statement(withLogs, "AccessLogs")?.resources).toEqual(["arn:aws:s3:::our-logs", "arn:aws:s3:::our-logs/*"]);
});

test("policies fit into a role: AWS takes 10,240 characters", () => {
  const many = Object.fromEntries(
    ["production", "staging", "testing", "preview"].map((name) => [
      name,
      derive(production, { loadBalancer: { accessLogs: { bucket: `${"a".repeat(50)}-${name}`, retentionDays: 30 } } }),
    ]),
  );
  const of = stackWith({ repository: "example/flask-on-aws" }, many);
  const asAws = ({ sid, actions, resources, condition = [] }: Statement) => ({
    Sid: sid,
    Effect: "Allow",
    Action: actions,
    Resource: resources,
    Condition: condition.map(({ test: operator, variable, values }) => ({ [operator]: { [variable]: values } })),
  });
  for (const name of ["plan", "deploy"] as const) {
    const Statement = policy(name, of).map(asAws);
    const json = JSON.stringify({ Version: "2012-10-17", Statement }).replaceAll(/\$\{[^}]*\}/g, "x".repeat(80));
    expect(json.length).toBeLessThan(10_240);
  }
});

test.each(["a repository", "*/*", "example/*", "example", "example/../other", "-x/y"])(
  "refuses %s as a repository",
  (repository) => {
    expect(() =>
      validate({ environments: { production }, remoteState: { ...remoteState, github: { repository } } }),
    ).toThrow(`remoteState.github.repository: ${repository} is not a repository (such as owner/name)`);
  },
);

test("roles' names keep to AWS's 64 characters, however long the repository's is", () => {
  const { plan, deploy } = roleNames(`example/${"x".repeat(100)}`);
  for (const name of [plan, deploy]) expect(name.length).toBeLessThanOrEqual(64);
});
