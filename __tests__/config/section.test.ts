/** A section that comes later, made up: its name is its own, with a default, and needs nothing but a line in the table. */
import { z } from "zod";
import { environments } from "../../src/config/environments";
import { bucketsOf, rulesOf, schemasOf, warningsIn, type Section } from "../../src/config/section";

const schema = z.strictObject({ name: z.string().optional(), archive: z.string() }).optional();
const queue: Section<typeof schema> = {
  schema,
  names: [{ key: "name", kind: "loadBalancer", byDefault: "a-default-of-24-letters" }],
  buckets: ["archive"],
  warnings: [
    { urgency: "accepted", text: () => "It is accepted." },
    { urgency: "exposure", text: () => "It is exposed." },
    { urgency: "limit", text: () => false },
  ],
};
const alarm = (name: string): Section => ({
  schema: z.object({ name: z.string() }),
  names: [{ key: "name", kind: "alarm", byDefault: name }],
});

const problems = (sections: Record<string, Section>, settings: object, environment = "production") =>
  rulesOf(sections).flatMap(({ problem, blames }) => {
    const message = problem({ ...environments.production, ...settings }, environment);
    return message === undefined ? [] : [`${blames}: ${message}`];
  });

test("its schema is optional, and is its part of the settings", () => {
  const settings = z.strictObject(schemasOf({ queue }));
  expect(settings.safeParse({}).success).toBe(true);
  expect(settings.safeParse({ queue: { archive: "the-archive" } }).success).toBe(true);
  expect(settings.safeParse({ queue: { colour: "red" } }).success).toBe(false);
});

test("its name is checked against AWS's limits with the environment's prefix, whether it is set or the default", () => {
  expect(problems({ queue }, { queue: {} })).toEqual([]);
  expect(problems({ queue }, { queue: {} }, "environment")).toEqual([
    'queue.name: (in AWS "environment-a-default-of-24-letters") is 35 characters long; AWS takes 1 to 32',
  ]);
  expect(problems({ queue }, { queue: { name: "a_b" } })).toEqual([expect.stringContaining("has a character")]);
});

test("left out, it has no name that could be wrong", () => {
  expect(problems({ queue }, {}, "environment")).toEqual([]);
});

test("a name that AWS keeps in one list is unique in all sections", () => {
  const [one, two] = [alarm("slow"), alarm("slow")];
  expect(problems({ one, two }, { one: {}, two: {} })).toEqual(["two.name: is one.name, too"]);
  expect(problems({ one, two }, { one: {} })).toEqual([]);
  expect(problems({ one, two }, { one: {}, two: { name: "fast" } })).toEqual([]);
});

test("its warnings that apply are printed, the most urgent first", () => {
  expect(warningsIn({ queue }, environments.production)).toEqual(["It is exposed.", "It is accepted."]);
});

test("its buckets are known by their whole path", () => {
  expect(bucketsOf({ queue })).toEqual(["queue.archive"]);
});
