import { markdownOf, settingsTables } from "../../src/config/table";
import { settingsSchema } from "../../src/config/schema";

const rows = settingsTables().flatMap((table) => table.rows);
const rangeOf = (path: string) => rows.find((row) => row.path === path)?.range;

test("a table a section, in the schema's order; each says what the section is for", () => {
  expect(settingsTables().map(({ section }) => section)).toEqual(Object.keys(settingsSchema.shape));
  expect(settingsTables().filter(({ description }) => description === "")).toEqual([]);
});

test("only what may be left out as a whole is optional", () => {
  expect(settingsTables().flatMap(({ section, optional }) => (optional ? section : []))).toEqual(["bastion"]);
});

test("every setting is in one row, and has a range and a meaning", () => {
  expect(new Set(rows.map(({ path }) => path)).size).toBe(rows.length);
  expect(rows.filter(({ range, meaning }) => range === "" || meaning === "")).toEqual([]);
});

test("values are listed; many are counted, and only regions are called AWS regions", () => {
  expect(rangeOf("network.nat")).toBe('`"single"`, `"perZone"`, `"none"`');
  expect(rows.filter(({ range }) => range.includes("AWS regions"))).toMatchObject([
    { path: "region", range: "one of 34 AWS regions" },
  ]);
});

test("the one table has the rows of all", () => {
  for (const { path } of rows) expect(markdownOf(rows)).toContain(`| \`${path}\` |`);
});
