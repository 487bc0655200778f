/** `npm run bootstrap` with the roles of GitHub's workflows, with the real Terraform on an emulated AWS. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import {
  CreateOpenIDConnectProviderCommand,
  CreatePolicyCommand,
  DeleteOpenIDConnectProviderCommand,
  DeletePolicyCommand,
  DetachRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListOpenIDConnectProvidersCommand,
} from "@aws-sdk/client-iam";
import { Checkout } from "../checkout";
import { Cloud } from "./support";

const WITHOUT = "oldVersionDays: 90,";
const WITH = `${WITHOUT}\n  github: { repository: "example/flask-on-aws" },`;
const PLAN_ROLE = "flask-on-aws-github-plan";
const PLAN_POLICY = `${PLAN_ROLE}-state`;

let cloud: Cloud;
let checkout: Checkout;
let iam: IAMClient;

beforeAll(async () => {
  cloud = await Cloud.start("missing");
  checkout = await Checkout.into(join(cloud.folder, "checkout"), cloud.folder);
  iam = new IAMClient(cloud.config);
});

afterAll(() => cloud.stop());

const bootstrap = () => checkout.command("bootstrap", "local");
const providers = async () =>
  (await iam.send(new ListOpenIDConnectProvidersCommand({}))).OpenIDConnectProviderList ?? [];
const attached = async () =>
  (await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: PLAN_ROLE }))).AttachedPolicies ?? [];
/** Detaches and deletes the policy of the plan role. @returns the policy's ARN */
async function removePolicy(): Promise<string> {
  const [{ PolicyArn = "" } = {}] = await attached();
  await iam.send(new DetachRolePolicyCommand({ RoleName: PLAN_ROLE, PolicyArn }));
  await iam.send(new DeletePolicyCommand({ PolicyArn }));
  return PolicyArn;
}
const forget = () => rmSync(join(cloud.folder, "remote-state.tfstate"));

test("an identity provider of somebody else's is left alone, and the line says which setting takes it", async () => {
  expect(await bootstrap()).toMatchObject({ code: 0 });
  const theirs = { Url: "https://token.actions.githubusercontent.com", ClientIDList: ["theirs"] };
  const { OpenIDConnectProviderArn } = await iam.send(new CreateOpenIDConnectProviderCommand(theirs));
  checkout.edit("src/config/environments.ts", WITHOUT, WITH);
  const { code, output } = await bootstrap();
  expect(code).toBe(1);
  expect(output).toContain(
    'an identity provider for GitHub that is not this project\'s: use it, with remoteState.github.provider: "existing"',
  );
  expect((await providers())[0]?.Arn).toBe(OpenIDConnectProviderArn);

  await iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
  expect((await bootstrap()).output).toMatch(/Apply complete! Resources: 9 added, 0 changed, 0 destroyed/);
});

test("a policy that is gone is created again, and what exists is imported, where another machine has the state", async () => {
  forget();
  await removePolicy();
  const { code, output } = await bootstrap();
  // The policy, and its attachment to the role.
  expect(output).toMatch(/Apply complete! Resources: [1-9]\d* imported, 2 added, 0 changed, 0 destroyed/);
  expect(code).toBe(0);
  expect(await providers()).toHaveLength(1);
  expect((await attached()).map(({ PolicyName }) => PolicyName)).toEqual([PLAN_POLICY]);
});

test("a policy of somebody else's is left alone", async () => {
  forget();
  await removePolicy();
  const theirs = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "s3:ListAllMyBuckets", Resource: "*" }],
  };
  await iam.send(new CreatePolicyCommand({ PolicyName: PLAN_POLICY, PolicyDocument: JSON.stringify(theirs) }));
  const { code, output } = await bootstrap();
  expect(output).toContain("The account has a resource of that name that is not this project's");
  expect(output).toContain(`policy/${PLAN_POLICY} does not have the tag Environment=remote-state`);
  expect(code).toBe(1);
  expect(await attached()).toEqual([]);
});
