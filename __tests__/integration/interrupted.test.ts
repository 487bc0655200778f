/** A deploy that is interrupted in the middle (Ctrl-C) goes on from there: nothing orphaned, nothing doubled. */
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { remoteState } from "../../src/config/environments";
import { Cloud, DEPLOYED, MINUTE } from "./support";

let cloud: Cloud;

beforeAll(async () => (cloud = await Cloud.start("made")), MINUTE);
afterAll(() => cloud.stop(), MINUTE);

test(
  "saves the state and releases the lock when interrupted, and converges when run again",
  async () => {
    let pid = 0;
    let signalled = false;
    const interrupted = await cloud.command(
      ["deploy", "local"],
      (line) => {
        if (signalled || !/aws_nat_gateway\..*Creating/.test(line)) return;
        signalled = true;
        process.kill(pid, "SIGINT");
      },
      (started) => (pid = started),
    );
    expect(signalled).toBe(true);
    expect(interrupted.output).toContain("Interrupted: local is as far as it came, and its state is saved.");
    expect(interrupted.code).toBe(1);
    const { Contents = [] } = await cloud.s3.send(new ListObjectsV2Command({ Bucket: remoteState.bucket }));
    expect(Contents.map(({ Key }) => Key)).toEqual(["local/terraform.tfstate"]);
    const halfway = await cloud.census();
    expect(halfway["aws_vpc"]).toBe(1);
    expect(halfway["aws_autoscaling_group"]).toBe(0);

    expect((await cloud.command(["deploy", "local"])).output).toContain("local is deployed");
    expect(await cloud.census()).toEqual(DEPLOYED);
    const plan = await cloud.command(["plan", "local"]);
    expect(plan.output).not.toContain("Changed outside of Terraform");
    expect(plan.output).toContain("No changes.");
  },
  6 * MINUTE,
);
