/** A deploy that is interrupted in the middle (Ctrl-C) goes on from there: nothing orphaned, nothing doubled. */
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { remoteState } from "../../src/config/environments";
import { DEPLOYED } from "./census";
import { Cloud } from "./support";

let cloud: Cloud;

beforeAll(async () => (cloud = await Cloud.start("made")));
afterAll(() => cloud.stop());

function alive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test("saves the state and releases the lock when interrupted, and converges when run again", async () => {
  let pid = 0;
  let signalled = false;
  const interrupted = await cloud.command(
    ["deploy", "local"],
    (line) => {
      if (signalled || !/aws_nat_gateway\..*Creating/.test(line)) return;
      signalled = true;
      process.kill(pid, "SIGINT");
      // The impatient: a second one that reached Terraform would make it drop what it does.
      setTimeout(() => alive(pid) && process.kill(pid, "SIGINT"), 50);
    },
    (started) => (pid = started),
  );
  expect(signalled).toBe(true);
  expect(interrupted.output).toContain("Interrupted: local is partly changed, and its state is saved.");
  expect(interrupted.code).toBe(1);
  const { Contents = [] } = await cloud.s3.send(new ListObjectsV2Command({ Bucket: remoteState.bucket }));
  expect(Contents.map(({ Key }) => Key)).toEqual(["local/terraform.tfstate"]);
  const halfway = await cloud.census();
  expect(halfway["aws_vpc"]).toBe(1);
  expect(halfway["aws_autoscaling_group"]).toBe(0);

  // The request under way is broken off by the provider: now and then AWS has carried it out all the same.
  expect(interrupted.output).toContain("so first run: npm run adopt -- local.");
  const adopted = await cloud.command(["adopt", "local"]);
  expect(adopted.code === 0 ? "adopted" : adopted.output).toBe("adopted");
  const again = await cloud.command(["deploy", "local"]);
  expect(again.output).toContain("local is deployed");
  expect(await cloud.census()).toEqual(DEPLOYED);
  const plan = await cloud.command(["plan", "local"]);
  expect(plan.output).not.toContain("Changed outside of Terraform");
  expect(plan.output).toContain("No changes.");
});
