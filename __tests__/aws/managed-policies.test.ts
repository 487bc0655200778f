import {
  MAX_POLICY_CHARACTERS,
  packed,
  policyCharacters,
  type ManagedPolicy,
  type Statement,
} from "../../src/aws/managed-policies";

const statement = (sid: string, resources = ["*"], actions = ["ec2:Describe*"]): Statement => ({
  sid,
  actions,
  resources,
});
/** About as many characters as are asked for. */
const long = (characters: number) =>
  Array.from({ length: characters / 20 }, (_, index) => `arn:${String(index).padStart(13, "0")}`);
const sids = (policies: readonly ManagedPolicy[]) =>
  policies.map(({ name, statements }) => [name, statements.map(({ sid }) => sid).join(" ")]);

test("a policy is as long as IAM counts it: the JSON without white space", () => {
  const condition = [{ test: "StringEquals", variable: "aws:RequestedRegion", values: ["eu-west-1"] }];
  const json =
    '{"Version":"2012-10-17","Statement":[{"Sid":"A","Effect":"Allow","Action":["ec2:Describe*"],"Resource":["*"],' +
    '"Condition":{"StringEquals":{"aws:RequestedRegion":["eu-west-1"]}}}]}';
  expect(policyCharacters([{ ...statement("A"), condition }])).toBe(json.length);
});

test("statements that fit are one policy, which is called as the area of the first", () => {
  const parts = ["A", "B"].map((sid) => ({ area: `area-${sid}`, statement: statement(sid) }));
  expect(sids(packed(parts))).toEqual([["area-A", "A B"]]);
});

test("a statement that does not fit any more begins the next policy; order and names are kept", () => {
  const parts = ["A", "B", "C", "D"].map((sid) => ({
    area: sid < "C" ? "one" : "two",
    statement: statement(sid, long(4000)),
  }));
  expect(sids(packed(parts))).toEqual([
    ["one", "A"],
    ["one-2", "B"],
    ["two", "C"],
    ["two-2", "D"],
  ]);
});

test.each([
  ["resources", statement("A", long(20_000))],
  ["actions", statement("A", ["*"], long(20_000))],
] as const)("a statement with more %s than fit is cut, and nothing of it is lost", (key, whole) => {
  const policies = packed([{ area: "one", statement: whole }]);
  const statements = policies.flatMap((policy) => policy.statements);
  expect(statements.flatMap((piece) => piece[key])).toEqual(whole[key]);
  expect(new Set(statements.map(({ sid }) => sid)).size).toBe(statements.length);
  for (const policy of policies) expect(policyCharacters(policy.statements)).toBeLessThanOrEqual(MAX_POLICY_CHARACTERS);
});
