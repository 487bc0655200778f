import { existingProblem } from "../../src/deploy/refuse-existing";

const balancer = "aws_lb.b: arn:… does not have the tag Environment=production";
const problem = (found: number, foreign: readonly string[]) =>
  existingProblem("production", { found: Array.from({ length: found }, () => ({})), foreign }, 46);

test.each([
  ["nothing", 0, [], undefined],
  [
    "a VPC that only has the same name",
    0,
    ["aws_vpc.v: vpc-1 does not have the tag Environment=production"],
    undefined,
  ],
  ["what a killed deploy has left", 12, [], "12 of its 46 resources exist, with its tag"],
  ["what a killed deploy has left, beside a stranger's", 12, [balancer], "npm run adopt -- production"],
  ["a system that was made by other means", 0, [balancer], "npm run takeover -- production"],
])("where %s exists", (_, found, foreign, expected) => {
  if (expected === undefined) expect(problem(found, foreign)).toBeUndefined();
  else expect(problem(found, foreign)).toContain(expected);
});

test("one command is named, and never both: that would lead in a circle", () => {
  expect(problem(1, [balancer])).not.toContain("takeover");
  expect(problem(0, [balancer])).not.toContain("adopt");
});
