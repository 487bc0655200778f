/** The bill of a plan that the real Terraform made of a stack of somebody else's (scripts/plan-foreign.ts). */
import { costDifference } from "../../src/commands/priced";
import { readPlan } from "../../src/terraform/plan";
import { fixture } from "../fixtures/plans";

const plan = readPlan(fixture("foreign").plan);
const found = costDifference(plan);
if ("unknown" in found) throw new Error(found.unknown);
const { unpriced, lines, unpricedResources } = found;
const listed = (address: string) => unpriced.filter((each) => each.startsWith(`${address}: `));

test.each([
  ["aws_eip.near[0]", "ap-south-1"],
  ['aws_eip.far["a[0].b"]', "eu-west-1"],
  ["module.near.aws_lb.inner", "ap-south-1"],
  ["module.far.aws_lb.inner", "eu-west-1"],
])("%s is in %s: by a variable, by an alias, by the provider that is passed to its module", (address, region) => {
  expect(plan.after.resources.find((resource) => resource.address === address)?.region).toBe(region);
});

test.each([
  ["aws_instance.spot", "spot prices"],
  ["aws_instance.dedicated", "dedicated instances"],
  ["aws_instance.unknown", "root disk"],
  ["aws_autoscaling_group.spot", "spot prices"],
  ["aws_autoscaling_group.mixed", "several types"],
  ["aws_lb.splat", "how many public IPv4 addresses"],
  ["aws_lb.joined", "how many public IPv4 addresses"],
  ["module.near.aws_lb.inner", "how many public IPv4 addresses"],
  ["module.far.aws_lb.inner", "no price book of eu-west-1"],
  ["aws_s3_bucket.uploads", "amount of data"],
])("%s is listed: %s", (address, why) => {
  expect(listed(address)).toContainEqual(expect.stringContaining(why));
});

test("everything else is known exactly", () => {
  expect(
    ["aws_lb.known", "aws_lb.mapped", "aws_instance.disks", "aws_autoscaling_group.plain"].flatMap(listed),
  ).toEqual([]);
  const usd = (item: string) => lines.find((line) => line.item === item)?.after.toFixed(2);
  // 2 addresses of its own, 2 of each of two balancers: 6 × 730 × 0.005
  expect(usd("public IPv4 addresses")).toBe("21.90");
  // The instances with disks and whose root disk is not known: 2 × 8.176; the plain group's 1.6 servers
  expect(usd("an instance, t3.micro")).toBe("16.35");
  expect(usd("application servers, t3.micro")).toBe("13.08");
  expect(unpricedResources).toMatchObject({ before: 0, change: true });
});
