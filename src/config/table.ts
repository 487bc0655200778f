/** The settings as a Markdown table: meaning and range from the schema, default from production. */
import { z } from "zod";
import { environments } from "./environments";
import { settingsSchema } from "./schema";

interface Shape {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** One row per setting, in the schema's order. */
export function settingsTable(): string {
  const rows = rowsOf(z.toJSONSchema(settingsSchema, { io: "input" }) as Shape, "", environments.production, true);
  return ["| setting | default | may be | meaning |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

function rowsOf(shape: Shape, path: string, value: unknown, required: boolean): string[] {
  const { properties } = shape;
  const inner = Object.entries(properties ?? {}).flatMap(([key, child]) =>
    rowsOf(
      child,
      path === "" ? key : `${path}.${key}`,
      (value as Record<string, unknown> | undefined)?.[key],
      shape.required?.includes(key) ?? false,
    ),
  );
  if (path === "" || (properties !== undefined && required && shape.description === undefined)) return inner;
  const byDefault =
    properties !== undefined
      ? value === undefined
        ? "left out"
        : ""
      : value === undefined
        ? "left out"
        : `\`${JSON.stringify(value)}\``;
  return [`| \`${path}\` | ${byDefault} | ${rangeOf(shape, required)} | ${shape.description ?? ""} |`, ...inner];
}

function rangeOf(
  { type, enum: values, anyOf, minimum, maximum, minItems, maxItems, properties }: Shape,
  required: boolean,
): string {
  const optional = required ? "" : "; may be left out";
  if (properties !== undefined) return `a section${optional}`;
  if (anyOf !== undefined) return "see there";
  if (values !== undefined)
    return (
      (values.length > 5 ? "an AWS region" : values.map((value) => `\`${JSON.stringify(value)}\``).join(", ")) +
      optional
    );
  const unit = type === "integer" ? "whole number" : (type ?? "");
  const bounds = [minimum ?? minItems, maximum ?? maxItems].filter(
    (bound) => bound !== undefined && Math.abs(bound) < Number.MAX_SAFE_INTEGER,
  );
  return `${unit}${bounds.length === 2 ? ` ${bounds.join("–")}` : bounds.length === 1 ? ` from ${bounds.join("")}` : ""}${optional}`;
}
