/** A deploy that is killed (power, memory, SIGKILL) leaves a lock, and resources that no state knows; both can be mended. */
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { remoteState } from "../../src/config/environments";
import { descendants } from "../../src/machine/processes";
import { DEPLOYED } from "./census";
import { Cloud } from "./support";

let cloud: Cloud;

beforeAll(async () => {
  cloud = await Cloud.start("made");
  let pid = 0;
  let killed = false;
  await cloud.command(
    ["deploy", "local"],
    (line) => {
      if (killed || !/aws_lb\..*Still creating/.test(line)) return;
      killed = true;
      for (const process of [...descendants(pid), { pid }]) kill(process.pid);
    },
    (started) => (pid = started),
  );
  expect(killed).toBe(true);
});

afterAll(() => cloud.stop());

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** While it applies, Terraform saves what it has every 20 seconds: on a slow machine some of the network, but no load balancer. */
test("leaves a lock, and a network, roles and a load balancer that the state does not have, or not all of them", async () => {
  const { Contents = [] } = await cloud.s3.send(new ListObjectsV2Command({ Bucket: remoteState.bucket }));
  const keys = Contents.map(({ Key }) => Key);
  expect(keys).toContain("local/terraform.tfstate.tflock");
  expect(["local/terraform.tfstate.tflock", "local/terraform.tfstate"]).toEqual(expect.arrayContaining(keys));
  expect(await cloud.census()).toMatchObject({
    aws_vpc: 1,
    aws_subnet: 4,
    aws_nat_gateway: 1,
    aws_eip: 1,
    aws_security_group: 3,
    aws_iam_role: 2,
    aws_lb: 1,
    aws_lb_target_group: 1,
    aws_lb_listener: 0,
    aws_autoscaling_group: 0,
  });
});

test("the next deploy names who held the lock and the command that releases it; nothing can be adopted before", async () => {
  const refused = await cloud.command(["deploy", "local"]);
  expect(refused.code).toBe(1);
  const [, id = ""] =
    /is locked by \S+@\S+ since .* npm run unlock -- local ([0-9a-f-]{36})/.exec(refused.output) ?? [];
  const tooEarly = await cloud.command(["adopt", "local"]);
  expect(tooEarly.code).toBe(1);
  expect(tooEarly.output).toContain(`npm run unlock -- local ${id}`);

  const unlocked = await cloud.command(["unlock", "local", id]);
  expect(unlocked.output).toContain("The state of local is unlocked");
  expect(unlocked.code).toBe(0);
});

test("adopt brings all of it into the state and makes nothing; a second time there is nothing left to adopt", async () => {
  const before = await cloud.census();
  const adopted = await cloud.command(["adopt", "local"]);
  expect(adopted.output).toMatch(/^aws_lb\.\S+ +arn:aws:elasticloadbalancing:\S+$/m);
  expect(adopted.output).toMatch(
    /✓ [1-9]\d* resources adopted: the state of local has [1-9]\d* of 46; a deploy creates the other \d+: npm run deploy -- local/,
  );
  expect(adopted.code).toBe(0);
  expect(await cloud.census()).toEqual(before);

  const again = await cloud.command(["adopt", "local"]);
  expect(again.output).toMatch(/0 resources adopted: the state of local has [1-9]\d* of 46/);
  expect(again.code).toBe(0);
});

test("the next deploy makes the rest: nothing is doubled, nothing is left to change", async () => {
  const deployed = await cloud.command(["deploy", "local"]);
  expect(deployed.output).toContain("local is deployed");
  expect(deployed.code).toBe(0);
  expect(await cloud.census()).toEqual(DEPLOYED);
  expect(await cloud.command(["plan", "local"])).toMatchObject({
    code: 0,
    output: expect.stringContaining("No changes.") as string,
  });
});
