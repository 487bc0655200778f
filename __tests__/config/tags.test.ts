/** Tags that AWS accepts on every resource, an instance's metadata and IAM's roles included. */
import { environments } from "../../src/config/environments";
import type { Settings } from "../../src/config/schema";
import { environmentProblems } from "../../src/config/validate";

const problems = (tags: Settings["tags"]) => environmentProblems("production", { ...environments.production, tags });
const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`tag-${String(n)}`, ""]));

test.each<[line: string, tags: Settings["tags"]]>([
  ["production.tags.Team: R&D (web) is not a tag value", { Team: "R&D (web)" }],
  ["production.tags.Team: Test #2 is not a tag value", { Team: "Test #2" }],
  ["production.tags.Team: aws:mine is not a tag value", { Team: "aws:mine" }],
  ["production.tags.Team: AWS:mine is not a tag value", { Team: "AWS:mine" }],
  ["must be at most 256 characters", { Team: "x".repeat(257) }],
  ["production.tags._index: is not a tag key", { _index: "x" }],
  ["production.tags._INDEX: is not a tag key", { _INDEX: "x" }],
  ["production.tags..: is not a tag key", { ".": "x" }],
  ["production.tags...: is not a tag key", { "..": "x" }],
  ["production.tags.aws:x: is not a tag key", { "aws:x": "x" }],
  ["production.tags.AWS:x: is not a tag key", { "AWS:x": "x" }],
  ["production.tags.a b: is not a tag key", { "a b": "x" }],
  ["production.tags.a/b: is not a tag key", { "a/b": "x" }],
  ["production.tags.Environment: prod would replace the tag", { Environment: "prod" }],
  ["production.tags.environment: prod would replace the tag", { environment: "prod" }],
  ["production.tags.managedby: us has a twin, ManagedBy", { managedby: "us" }],
  ["production.tags.project: web has a twin, Project", { project: "web" }],
  ["production.tags.team: b has a twin, Team", { Team: "a", team: "b" }],
  ["would be 51 tags; AWS takes 50", many(48)],
])("%s", (line, tags) => {
  expect(problems(tags)).toEqual([expect.stringContaining(line)]);
});

test("a key is ASCII, a value may be in any script", () => {
  expect(problems({ Büro: "x" })).toEqual([expect.stringContaining("production.tags.Büro: is not a tag key")]);
  const tags = { Project: "web app", ManagedBy: "us", "cost:centre": "a_b.c:d/e=f+g-h@i 42", Empty: "" };
  expect(problems({ ...tags, Team: "Büro München 東京" })).toEqual([]);
});

test("50 tags are accepted, ours counted once", () => {
  expect(problems(many(47))).toEqual([]);
  expect(problems({ ...many(47), ManagedBy: "us", Name: "x" })).toEqual([]);
});
