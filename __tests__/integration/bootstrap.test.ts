/** `npm run bootstrap` with the roles of GitHub's workflows, with the real Terraform on an emulated AWS. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import {
  CreateOpenIDConnectProviderCommand,
  DeleteOpenIDConnectProviderCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  ListOpenIDConnectProvidersCommand,
  ListRolePoliciesCommand,
} from "@aws-sdk/client-iam";
import { Checkout } from "../checkout";
import { Cloud } from "./support";

const WITHOUT = "oldVersionDays: 90,";
const WITH = `${WITHOUT}\n  github: { repository: "example/flask-on-aws" },`;
const ROLES = ["flask-on-aws-github-plan", "flask-on-aws-github-deploy"];

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
const forget = () => rmSync(join(cloud.folder, "remote-state.tfstate"));

test("an identity provider of somebody else's is left alone, and the line says which setting takes it", async () => {
  expect(await bootstrap()).toMatchObject({ code: 0 });
  const theirs = { Url: "https://token.actions.githubusercontent.com", ClientIDList: ["theirs"] };
  const { OpenIDConnectProviderArn } = await iam.send(new CreateOpenIDConnectProviderCommand(theirs));
  checkout.edit("src/config/environments.ts", WITHOUT, WITH);
  const { code, output } = await bootstrap();
  expect(code).toBe(1);
  expect(output).toContain(
    'an identity provider for GitHub that is not this project\'s: take it, with remoteState.github.provider: "existing"',
  );
  expect((await providers())[0]?.Arn).toBe(OpenIDConnectProviderArn);

  await iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }));
  expect((await bootstrap()).output).toMatch(/Apply complete! Resources: 5 added, 0 changed, 0 destroyed/);
});

test("a policy that is gone is made again, and what stands is imported, where another machine has the state", async () => {
  forget();
  await iam.send(new DeleteRolePolicyCommand({ RoleName: ROLES[0], PolicyName: "plan" }));
  const { code, output } = await bootstrap();
  expect(output).toMatch(/Apply complete! Resources: 1 added, 0 changed, 0 destroyed/);
  expect(code).toBe(0);
  expect(await providers()).toHaveLength(1);
  expect((await iam.send(new ListRolePoliciesCommand({ RoleName: ROLES[0] }))).PolicyNames).toEqual(["plan"]);
});
