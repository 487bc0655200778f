import { NAME_LIMITS, nameIn, nameProblem, tagsOf, type NamedKind } from "../../src/aws/names";

test("production has the document's names to the letter, every other environment its own prefix", () => {
  expect(nameIn("production", "web-app-albb")).toBe("web-app-albb");
  expect(nameIn("staging", "web-app-albb")).toBe("staging-web-app-albb");
});

test.each(Object.entries(NAME_LIMITS))(
  "a name of a %s is as long as AWS takes it, and no longer",
  (kind, { min, max }) => {
    const problem = (length: number) => nameProblem(kind as NamedKind, "a".repeat(length));
    expect([problem(min), problem(max)]).toEqual([undefined, undefined]);
    expect(problem(max + 1)).toBe(`is ${String(max + 1)} characters long; AWS takes ${String(min)} to ${String(max)}`);
    expect(problem(min - 1)).toContain("characters long");
  },
);

test.each([
  ["loadBalancer", "web_app"],
  ["loadBalancer", "-web"],
  ["loadBalancer", "web-"],
  ["loadBalancer", "internal-web"],
  ["targetGroup", "app.tg"],
  ["launchTemplate", "web app"],
  ["autoScalingGroup", "web:app"],
  ["securityGroup", "sg-app"],
  ["role", "web/app"],
] as const)("AWS refuses a %s called %s", (kind, name) => {
  expect(nameProblem(kind, name)).toContain("has a character that AWS refuses there");
});

test("tags name the environment; those of the settings take precedence", () => {
  expect(tagsOf("staging", { Project: "web-app" })).toEqual({
    Environment: "staging",
    ManagedBy: "terraform",
    Project: "web-app",
  });
  expect(tagsOf("staging", { ManagedBy: "us" })).toMatchObject({ ManagedBy: "us" });
});

test.each([
  ["vpc", "-internet-gateway", 256],
  ["securityGroup", "-internet-gateway", 256],
  ["vpc", "-default-closed", 256],
] as const)(
  "the longest name of a %s with %s after it is a tag's value of at most %i characters",
  (kind, suffix, most) => {
    expect(NAME_LIMITS[kind].max + suffix.length).toBeLessThanOrEqual(most);
  },
);

test("the longest name of a security group fits into the description of its rules", () => {
  expect("Anything out of ".length + NAME_LIMITS.securityGroup.max).toBe(255);
});
