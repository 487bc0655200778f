/** Settings with changes: `nat=perZone`, or several at once: `fleet.minSize=2,fleet.maxSize=8`. */
import { z } from "zod";
import { derive, type Differences } from "./derive";
import { settingsSchema, type Settings } from "./schema";
import { environmentProblems } from "./validate";

export interface WhatIf {
  readonly settings: Settings;
  /** A line each; if there are any, the settings must not be used. */
  readonly problems: readonly string[];
}

/**
 * @param text `PATH=VALUE` joined by commas: a setting's whole path, or as much of its end as no other has; the value as JSON
 * or plain text, `null` to leave an optional section out
 */
export function whatIf(environment: string, settings: Settings, text: string): WhatIf {
  const changes = text.split(/,\s*(?=[\w.-]+=)/).map((change) => {
    const [, name = "", value] = /^([\w.-]+)=(.*)$/s.exec(change) ?? [];
    if (value === undefined) return { problem: `${change}: must be SETTING=VALUE, such as nat=perZone` };
    const found = named(name);
    const [path, ...others] = found;
    if (path === undefined) return { problem: `${name}: is not a setting; docs/settings.md lists them all` };
    if (others.length > 0) return { problem: `${name}: is one of ${found.join(", ")}; say which` };
    return { path, value: read(value) };
  });
  const problems = changes.flatMap(({ problem }) => problem ?? []);
  if (problems.length > 0) return { settings, problems };
  const changed = changes.reduce(
    (before, { path, value }) => (path === undefined ? before : derive(before, nested(path.split("."), value))),
    settings,
  );
  return { settings: changed, problems: environmentProblems(environment, changed) };
}

interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly oneOf?: readonly Shape[];
  readonly anyOf?: readonly Shape[];
  /** The schema of a record's values; its keys are names that the user chooses. */
  readonly additionalProperties?: Shape | boolean;
}

/** `*` for a name that the user chooses. */
function pathsOf({ properties = {}, oneOf = [], anyOf = [], additionalProperties }: Shape, prefix = ""): string[] {
  const own = Object.entries(properties).flatMap(([key, child]) => [
    `${prefix}${key}`,
    ...pathsOf(child, `${prefix}${key}.`),
  ]);
  const named =
    typeof additionalProperties === "object" ? [`${prefix}*`, ...pathsOf(additionalProperties, `${prefix}*.`)] : [];
  return [...own, ...named, ...[...oneOf, ...anyOf].flatMap((kind) => pathsOf(kind, prefix))];
}

function named(name: string): string[] {
  // JavaScript takes this name for the object's prototype: the change would be lost.
  if (name.split(".").includes("__proto__")) return [];
  const paths = [...new Set(pathsOf(z.toJSONSchema(settingsSchema, { io: "input" }) as Shape))];
  const isNamed = (path: string) =>
    path.includes("*") && new RegExp(`^${path.replaceAll(".", "\\.").replace("*", "[\\w-]+")}$`).test(name);
  if (paths.includes(name) || paths.some(isNamed)) return [name];
  // Names that the user chooses (a schedule's) are always written in full, so that a new one makes no short name ambiguous.
  return paths.filter((path) => !path.includes("*") && path.endsWith(`.${name}`));
}

function read(value: string): unknown {
  try {
    return JSON.parse(value) ?? undefined;
  } catch {
    return value;
  }
}

const nested = ([key = "", ...rest]: readonly string[], value: unknown): Differences<Settings> => ({
  [key]: rest.length === 0 ? value : nested(rest, value),
});
