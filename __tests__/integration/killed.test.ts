/** A deploy that is killed (power, memory, SIGKILL) leaves a lock, and may leave resources that its state does not know. */
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { remoteState } from "../../src/config/environments";
import { descendants } from "../../src/processes";
import { Cloud, MINUTE } from "./support";

let cloud: Cloud;

beforeAll(async () => (cloud = await Cloud.start("made")), MINUTE);
afterAll(() => cloud.stop(), MINUTE);

test(
  "names the stale lock's holder and the command that releases it",
  async () => {
    let pid = 0;
    await cloud.command(
      ["deploy", "local"],
      (line) => {
        if (!/aws_lb\..*Still creating/.test(line)) return;
        for (const killed of [{ pid }, ...descendants(pid)]) process.kill(killed.pid, "SIGKILL");
      },
      (started) => (pid = started),
    );
    const census = await cloud.census();
    console.log(
      census,
      await cloud.s3
        .send(new HeadObjectCommand({ Bucket: remoteState.bucket, Key: "local/terraform.tfstate" }))
        .catch((e) => String(e)),
    );
    const refused = await cloud.command(["deploy", "local"]);
    expect(refused.code).toBe(1);
    const [, id = ""] =
      /is locked by \S+@\S+ since .* npm run unlock -- local ([0-9a-f-]{36})/.exec(refused.output) ?? [];
    console.log(refused.output.slice(-600));
    const unlocked = await cloud.command(["unlock", "local", id]);
    expect(unlocked.output).toContain("The state of local is unlocked");
    const again = await cloud.command(["deploy", "local"]);
    console.log(again.output.slice(-6000), await cloud.census());
  },
  6 * MINUTE,
);
