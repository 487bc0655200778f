/** A bucket for the state that was left half made, and the end of a deployment, on an emulated AWS. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { DeletePublicAccessBlockCommand } from "@aws-sdk/client-s3";
import { remoteState } from "../../src/config/environments";
import { NOTHING_DEPLOYED } from "./census";
import { Cloud } from "./support";

let cloud: Cloud;

beforeAll(async () => {
  cloud = await Cloud.deployed();
});
afterAll(() => cloud.stop());

test("bootstrap completes a bucket that a kill has left half made and unknown, and then changes nothing", async () => {
  rmSync(join(cloud.folder, "remote-state.tfstate"));
  await cloud.s3.send(new DeletePublicAccessBlockCommand({ Bucket: remoteState.bucket }));
  const { code, output } = await cloud.command(["bootstrap", "local"]);
  expect(output).toMatch(/Apply complete! Resources: [1-9]\d* imported, 1 added, 0 changed, 0 destroyed/);
  expect(code).toBe(0);
  expect((await cloud.command(["bootstrap", "local"])).output).toContain("No changes.");
});

test("destroy leaves nothing but the state's bucket", async () => {
  const { code } = await cloud.command(["destroy", "local", "local"]);
  expect(code).toBe(0);
  expect(await cloud.census()).toEqual(NOTHING_DEPLOYED);
});
