/** Checks the settings: all problems are reported at once, one line each. */
import { z } from "zod";
import { REMOTE_STATE } from "../aws/names";
import { Problem } from "../machine/problem";
import { bucketPaths, rules, settingsSchema, type Settings } from "./schema";
import { valueAt } from "./section";
import { remoteStateSchema, type RemoteStateSettings } from "./sections/remote-state";

/** Settings that cannot be deployed; `problems` has a line each: `production.fleet.maxSize: 0 must be at least 1`. */
export class SettingsError extends Problem {
  constructor(readonly problems: readonly string[]) {
    super(problems.join("\n"));
  }
}

/** Environments by name, as they are written in `environments.ts`. */
export type Environments = Readonly<Record<string, Settings>>;

export interface Config {
  readonly environments: Environments;
  readonly remoteState: RemoteStateSettings;
}

/** @throws SettingsError with all problems of all environments */
export function validate(config: { environments: Record<string, unknown>; remoteState: unknown }): Config {
  const problems = [
    ...Object.entries(config.environments).flatMap(([name, settings]) => environmentProblems(name, settings)),
    ...schemaProblems(remoteStateSchema, config.remoteState).map(line("remoteState", config.remoteState)),
    ...sharedBuckets(config),
  ];
  if (problems.length > 0) throw new SettingsError(problems);
  return config as Config;
}

/** Bucket names are global, so each is used once, and no environment's name is put in front of it. */
function sharedBuckets({ environments, remoteState }: Parameters<typeof validate>[0]): string[] {
  const named = [
    { path: "remoteState.bucket", bucket: valueAt(remoteState, ["bucket"]) },
    ...Object.entries(environments).flatMap(([name, settings]) =>
      bucketPaths.map((path) => ({ path: `${name}.${path}`, bucket: valueAt(settings, path.split(".")) })),
    ),
  ].filter(({ bucket }) => bucket !== undefined);
  return named.flatMap(({ path, bucket }, index) => {
    const earlier = named.slice(0, index).find((other) => other.bucket === bucket);
    return earlier === undefined ? [] : [`${path}: ${String(bucket)} is ${earlier.path}, too`];
  });
}

/** All problems of one environment, a line each. */
export function environmentProblems(name: string, settings: unknown): string[] {
  const named =
    /^[a-z][a-z0-9-]{0,18}[a-z0-9]$/.test(name) && name !== REMOTE_STATE
      ? []
      : [
          `${name}: is not an environment's name (2 to 20 lower-case letters, digits and inner hyphens, not ${REMOTE_STATE})`,
        ];
  const inItself = schemaProblems(settingsSchema, settings);
  const wrong = inItself.map(({ path }) => path.join("."));
  const between = rules
    .filter(({ reads }) => !reads.some((read) => wrong.some((path) => touches(read, path))))
    .flatMap(({ blames, problem }) => {
      const message = problem(settings as Settings, name);
      return message === undefined ? [] : [{ path: blames.split("."), message }];
    });
  return [...named, ...[...inItself, ...between].map(line(name, settings))];
}

/** A problem with the value at a path, or with the last key of the path itself. */
interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly isOfKey?: boolean;
}

function schemaProblems(schema: z.ZodType, value: unknown): Issue[] {
  return [...(schema.safeParse(value, { error: describe }).error?.issues.flatMap(spread) ?? []), ...expressions(value)];
}

/**
 * Texts and keys that Terraform would read as an expression or a directive, wherever in the settings.
 * https://developer.hashicorp.com/terraform/language/expressions/strings#escape-sequences
 */
function expressions(value: unknown, path: readonly PropertyKey[] = []): Issue[] {
  const message = "has ${ or %{, with which Terraform begins an expression: write it without";
  if (typeof value === "string") return EXPRESSION.test(value) ? [{ path, message }] : [];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => [
    ...(EXPRESSION.test(key) ? [{ path: [...path, key], message, isOfKey: true }] : []),
    ...expressions(part, [...path, key]),
  ]);
}

const EXPRESSION = /[$%]\{/;

/** One issue for each unknown key, at that key; of an invalid key, what is wrong with it. */
function spread(issue: z.core.$ZodIssue): Issue[] {
  if (issue.code === "invalid_key")
    return issue.issues.map(({ message }) => ({ path: issue.path, message, isOfKey: true }));
  if (issue.code !== "unrecognized_keys") return [issue];
  return issue.keys.map((key) => ({ path: [...issue.path, key], message: issue.message }));
}

/** The problem, as the end of a sentence that begins with the value. */
function describe(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "is missing" : `must be ${articled(issue.expected)}`;
    case "too_small":
      return issue.origin === "array"
        ? `must have ${String(issue.minimum)} or more`
        : `must be at least ${String(issue.minimum)}${issue.origin === "string" ? " characters" : ""}`;
    case "too_big":
      return issue.origin === "array"
        ? `must have ${String(issue.maximum)} at most`
        : `must be at most ${String(issue.maximum)}${issue.origin === "string" ? " characters" : ""}`;
    case "invalid_value":
      return issue.input === undefined ? "is missing" : `must be one of ${issue.values.map(String).join(", ")}`;
    case "invalid_union":
      // A section of several kinds, whose kind is none of them.
      if (issue.discriminator === undefined) return undefined;
      return (issue.input as Record<string, unknown>)[issue.discriminator] === undefined
        ? "is missing"
        : `must be one of ${(issue as unknown as { options: readonly string[] }).options.join(", ")}`;
    case "unrecognized_keys":
      return "is not a setting";
    default:
      return undefined;
  }
}

const articled = (type: string) =>
  type === "int" ? "a whole number" : /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;

const line =
  (root: string, value: unknown) =>
  ({ path, message, isOfKey = false }: Issue): string => {
    const got = isOfKey ? undefined : valueAt(value, path);
    return `${[root, ...path.map(String)].join(".")}: ${got === undefined ? "" : `${show(got)} `}${message}`;
  };

function show(value: unknown): string {
  const text = typeof value === "string" && value !== "" ? value : JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

const touches = (a: string, b: string) => a === b || b === "" || a.startsWith(`${b}.`) || b.startsWith(`${a}.`);
