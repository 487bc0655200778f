/** The settings as tables: meaning and range from the schema, default from production. */
import { z } from "zod";
import { environments } from "./environments";
import { settingsSchema } from "./schema";

interface Shape {
  readonly type?: string;
  /** A word for the values of a long list, in the plural: `AWS regions`. */
  readonly title?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly unknown[];
  /** The schemas of a section of several kinds. */
  readonly oneOf?: readonly Shape[];
  readonly const?: unknown;
  readonly items?: Shape;
  readonly additionalProperties?: Shape | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** Longer lists of values are counted. */
const MAX_LISTED = 8;

/** A setting, its cells as Markdown. */
export interface Row {
  readonly path: string;
  readonly byDefault: string;
  readonly range: string;
  readonly meaning: string;
}

export interface SettingsTable {
  /** The section's key, such as `network`. */
  readonly section: string;
  /** The description of the section; empty if its name is enough. */
  readonly description: string;
  /** Whether the section may be left out, which switches off what it configures. */
  readonly optional: boolean;
  readonly rows: readonly Row[];
}

/** A table a section, in the schema's order; a section that consists of settings has no row of its own. */
export function settingsTables(): SettingsTable[] {
  return sections().map(({ rows, ...table }) => ({
    ...table,
    rows: rows.length === 1 ? rows : rows.filter(({ path }) => path !== table.section),
  }));
}

function sections(): SettingsTable[] {
  const { properties = {}, required = [] } = z.toJSONSchema(settingsSchema, { io: "input" }) as Shape;
  return Object.entries(properties).map(([section, shape]) => {
    const isRequired = required.includes(section);
    const byDefault = (environments.production as Readonly<Record<string, unknown>>)[section];
    return {
      section,
      description: shape.description ?? "",
      optional: !isRequired,
      rows: rowsOf(shape, section, byDefault, isRequired),
    };
  });
}

/** Rows as a Markdown table. */
export function markdownOf(rows: readonly Row[]): string {
  return [
    "| setting | default | may be | meaning |",
    "| --- | --- | --- | --- |",
    ...rows.map(({ path, byDefault, range, meaning }) => `| \`${path}\` | ${byDefault} | ${range} | ${meaning} |`),
  ].join("\n");
}

function rowsOf(shape: Shape, path: string, value: unknown, required: boolean): Row[] {
  const { properties, items, additionalProperties, oneOf } = shape;
  if (oneOf !== undefined) return rowsOfKinds(oneOf, path, value);
  const inner = [
    ...Object.entries(properties ?? {}).flatMap(([key, child]) =>
      rowsOf(
        child,
        `${path}.${key}`,
        (value as Record<string, unknown> | undefined)?.[key],
        shape.required?.includes(key) ?? false,
      ),
    ),
    ...(items?.properties ? rowsOf(items, `${path}[]`, undefined, true) : []),
    ...(typeof additionalProperties === "object" && additionalProperties.properties
      ? rowsOf(additionalProperties, `${path}.NAME`, undefined, true)
      : []),
  ];
  if (properties !== undefined && required && shape.description === undefined) return inner;
  const byDefault = value === undefined ? "left out" : properties === undefined ? `\`${JSON.stringify(value)}\`` : "";
  return [{ path, byDefault, range: rangeOf(shape, required), meaning: shape.description ?? "" }, ...inner];
}

/** The section's setting that a row belongs to. */
const keyIn = (section: string, { path }: Row) => path.slice(section.length + 1).split(/[.[]/)[0];

/** The rows of all kinds, each setting once; a setting that not all kinds have names the kinds that have it. */
function rowsOfKinds(kinds: readonly Shape[], path: string, value: unknown): Row[] {
  const kindOf = ({ properties }: Shape) => properties?.["kind"]?.const;
  const [own, others] = [(kind: Shape) => kindOf(kind) === (value as { kind: unknown }).kind, kinds.map(kindOf)];
  const rows = kinds.flatMap((kind) =>
    rowsOf(kind, path, own(kind) ? value : undefined, true).map((row) => ({ kind, row })),
  );
  const keys = [...new Set(rows.map(({ row }) => keyIn(path, row)))];
  const paths = keys.flatMap((key) => rows.filter(({ row }) => keyIn(path, row) === key).map(({ row }) => row.path));
  return [...new Set(paths)].flatMap((each) => {
    const same = rows.filter(({ row }) => row.path === each);
    const first = same[0]?.row;
    if (first === undefined) return [];
    if (each === `${path}.kind`)
      return { ...first, range: others.map((kind) => `\`${JSON.stringify(kind)}\``).join(", ") };
    const whose = same.length < kinds.length ? same.map(({ kind }) => `\`${String(kindOf(kind))}\``).join(", ") : "";
    return { ...first, meaning: whose === "" ? first.meaning : `${whose}: ${first.meaning}` };
  });
}

function rangeOf(
  { type, title, enum: values, anyOf, minimum, maximum, minItems, maxItems, properties }: Shape,
  required: boolean,
): string {
  const optional = required ? "" : "; may be left out";
  if (properties !== undefined) return `a section${optional}`;
  if (anyOf !== undefined) return "see there";
  if (values !== undefined) {
    const listed = values.map((value) => `\`${JSON.stringify(value)}\``).join(", ");
    return (values.length > MAX_LISTED ? `one of ${String(values.length)} ${title ?? "values"}` : listed) + optional;
  }
  const unit = type === "integer" ? "whole number" : (type ?? "");
  const bounds = [minimum ?? minItems, maximum ?? maxItems].filter(
    (bound) => bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER,
  );
  return `${unit}${bounds.length === 2 ? ` ${bounds.join("–")}` : bounds.length === 1 ? ` from ${bounds.join("")}` : ""}${optional}`;
}
