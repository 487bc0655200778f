/** The roles of GitHub's workflows in the remote-state stack. */
import { Testing } from "cdktf";
import {
  MAX_POLICIES_PER_ROLE,
  MAX_POLICY_CHARACTERS,
  policyCharacters,
  type Statement,
} from "../../src/aws/managed-policies";
import { derive } from "../../src/config/derive";
import { environments, remoteState } from "../../src/config/environments";
import type { Settings } from "../../src/config/schema";
import type { GithubSettings } from "../../src/config/sections/github";
import { validate } from "../../src/config/validate";
import { roleNames } from "../../src/constructs/github-roles";
import { REMOTE_STATE } from "../../src/aws/names";
import { RemoteState } from "../../src/stacks/remote-state";
import { synthStack } from "../support";
import { policiesOf } from "./policies";

const { production } = environments;
const staging = derive(production, { region: "eu-west-1", bastion: undefined });
const ISSUER = "token.actions.githubusercontent.com";

function stackWith(github: GithubSettings | undefined, deployed: Record<string, Settings> = { production, staging }) {
  const { bucket, region, oldVersionDays } = remoteState;
  const settings = { bucket, region, oldVersionDays, ...(github && { github }) };
  return synthStack(new RemoteState(Testing.app(), REMOTE_STATE, { remoteState: settings, environments: deployed }));
}

const stack = stackWith({ repository: "example/flask-on-aws" });
const policy = (name: "plan" | "deploy", of = stack) => policiesOf(of, name).flatMap(({ statements }) => statements);
const trust = (name: "plan" | "deploy", of = stack) =>
  (of.dataAt("aws_iam_policy_document", `github/${name}-trust`)["statement"] as Statement[])[0];
const statement = (of: readonly Statement[], sid: string) => of.find((each) => each.sid === sid);

test("do not exist unless a repository is named", () => {
  const without = stackWith(undefined);
  expect(without.addresses.filter((address) => address.includes("iam_role") || address.includes("openid"))).toEqual([]);
  expect(Object.keys(without.outputs)).toEqual(["bucket", "deployer_state_policy"]);
});

test("are two, each with its own managed policies, and are outputs", () => {
  expect(stack.count("aws_iam_role")).toBe(2);
  expect(stack.at("aws_iam_role", "github/plan-role")).toMatchObject({ name: "flask-on-aws-github-plan" });
  expect(stack.at("aws_iam_role", "github/deploy-role")).toMatchObject({ name: "flask-on-aws-github-deploy" });
  expect(policiesOf(stack, "plan").map(({ name }) => name)).toEqual(["flask-on-aws-github-plan-state"]);
  expect(policiesOf(stack, "deploy").map(({ name }) => name)).toEqual([
    "flask-on-aws-github-deploy-state",
    "flask-on-aws-github-deploy-roles",
  ]);
  expect(stack.count("aws_iam_role_policy")).toBe(0);
  expect(Object.keys(stack.outputs)).toEqual(["bucket", "deployer_state_policy", "plan_role", "deploy_role"]);
});

test("create the account's identity provider for GitHub, or use the existing one", () => {
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

test("where GitHub's tokens carry the numbers of owner and repository, exactly that form is trusted", () => {
  const numbered = stackWith({ repository: "example/flask-on-aws", ownerId: 123456, repositoryId: 456789 });
  const subjects = (["plan", "deploy"] as const).map((name) => trust(name, numbered)?.condition?.[1]?.values);
  const subject = "repo:example@123456/flask-on-aws@456789";
  expect(subjects).toEqual([
    [`${subject}:pull_request`, `${subject}:ref:refs/heads/main`],
    [`${subject}:environment:production`, `${subject}:environment:staging`],
  ]);
});

test("plan is read-only, and reads no data but the states", () => {
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
  expect(statement(policy("plan"), "BastionImagesLook")?.resources).toEqual([
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
  for (const part of ["Network", "Firewalls", "LoadBalancer", "Fleet", "Scaling", "Bastion", "KeyPairs"])
    expect(statement(policy("deploy"), `${part}Build`)?.condition).toEqual([
      { test: "StringEquals", variable: "aws:RequestedRegion", values: ["ap-south-1", "eu-west-1"] },
    ]);
});

test("deploy gives a role no permissions but Session Manager's, and passes roles to EC2 alone", () => {
  const roles = ["web-app", "web-app-bastion", "staging-web-app", "staging-web-app-bastion"].map(
    (name) => `arn:aws:iam::*:role/${name}`,
  );
  expect(statement(policy("deploy"), "SessionRolesAttach")).toMatchObject({
    resources: roles,
    condition: [{ test: "ArnEquals", values: ["arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"] }],
  });
  expect(statement(policy("deploy"), "SessionRolesPass")).toMatchObject({
    actions: ["iam:PassRole"],
    resources: roles,
    condition: [{ variable: "iam:PassedToService", values: ["ec2.amazonaws.com"] }],
  });
  const elsewhere = policy("deploy").filter(({ actions }) =>
    actions.some((action) => /^iam:(Put|CreatePolicy)/.test(action)),
  );
  expect(elsewhere).toEqual([]);
});

test("deploy creates access log buckets only where the settings have some, and only those", () => {
  expect(statement(policy("deploy"), "AccessLogsBuild")).toBeUndefined();
  const logging = derive(production, { loadBalancer: { accessLogs: { bucket: "our-logs", retentionDays: 30 } } });
  const withLogs = policy("deploy", stackWith({ repository: "example/flask-on-aws" }, { production: logging }));
  expect(statement(withLogs, "AccessLogsBuild")?.resources).toEqual([
    "arn:aws:s3:::our-logs",
    "arn:aws:s3:::our-logs/*",
  ]);
});

describe("with everything that exists switched on, in 20 environments with long names", () => {
  const logging = (name: string) => ({ accessLogs: { bucket: `${"a".repeat(42)}-${name}`, retentionDays: 30 } });
  const warmPool = { state: "Stopped", minSize: 1, reuseOnScaleIn: true } as const;
  const many = Object.fromEntries(
    Array.from({ length: 20 }, (_, index) => `environment-now-${String.fromCharCode(97 + index)}`).map((name) => [
      name,
      derive(production, { loadBalancer: logging(name), fleet: { warmPool } }),
    ]),
  );
  const of = stackWith({ repository: `example/${"x".repeat(100)}` }, many);

  test("the settings are accepted", () => {
    expect(() => validate({ environments: many, remoteState })).not.toThrow();
  });

  test.each(["plan", "deploy"] as const)("the policies of %s fit: AWS takes 10 of 6,144 characters", (role) => {
    const policies = policiesOf(of, role);
    expect(policies.length).toBeLessThanOrEqual(MAX_POLICIES_PER_ROLE);
    for (const { name, statements } of policies) {
      expect(JSON.stringify(statements)).not.toContain("${");
      expect(policyCharacters(statements)).toBeLessThanOrEqual(MAX_POLICY_CHARACTERS);
      expect(name.length).toBeLessThanOrEqual(128);
    }
  });

  test.each(["plan", "deploy"] as const)("%s reaches the resources of each environment", (role) => {
    const reached = policiesOf(of, role).flatMap(({ statements }) => statements.flatMap(({ resources }) => resources));
    for (const name of Object.keys(many))
      for (const arn of [`arn:aws:s3:::${"a".repeat(42)}-${name}`, `arn:aws:iam::*:role/${name}-web-app`])
        expect(reached).toContain(arn);
  });
});

test.each(["a repository", "*/*", "example/*", "example", "example/../other", "-x/y", "_x/y"])(
  "refuses %s as a repository",
  (repository) => {
    expect(() =>
      validate({ environments: { production }, remoteState: { ...remoteState, github: { repository } } }),
    ).toThrow(`remoteState.github.repository: ${repository} is not a repository (such as owner/name)`);
  },
);

const accepted = (github: object) => () =>
  validate({ environments: { production }, remoteState: { ...remoteState, github } });

test.each(["octo_corp/app", "a/b", "Octo-Org/my_app.v2"])("takes %s", (repository) => {
  expect(accepted({ repository })).not.toThrow();
});

test("takes both numbers of a repository, or neither", () => {
  const repository = "example/app";
  expect(accepted({ repository, ownerId: 1, repositoryId: 2 })).not.toThrow();
  for (const half of [{ ownerId: 1 }, { repositoryId: 2 }])
    expect(accepted({ repository, ...half })).toThrow("must have both ownerId and repositoryId, or neither");
  expect(accepted({ repository, ownerId: 0, repositoryId: 2 })).toThrow("github.ownerId: 0 must be at least 1");
  expect(accepted({ repository, ownerId: "1", repositoryId: 2 })).toThrow("github.ownerId: 1 must be a number");
});

test("AWS's own roles may be created for the services that need one, and for no other", () => {
  expect(statement(policy("deploy"), "ServiceRoles")).toMatchObject({
    actions: ["iam:CreateServiceLinkedRole"],
    condition: [{ values: ["elasticloadbalancing.amazonaws.com", "autoscaling.amazonaws.com"] }],
  });
  expect(statement(policy("plan"), "ServiceRoles")).toBeUndefined();
});

test("roles' names keep to AWS's 64 characters, however long the repository's is", () => {
  const { plan, deploy } = roleNames(`example/${"x".repeat(100)}`);
  for (const name of [plan, deploy]) expect(name.length).toBeLessThanOrEqual(64);
});
