/** The parts of a section of the settings, and the loops that put the sections' parts together. */
import { z } from "zod";
import { nameIn, nameProblem, type NamedKind } from "../aws/names";
import type { Settings } from "./schema";

/** A rule joins two or more settings. It is skipped while a setting that it reads is invalid in itself. */
export interface Rule {
  /** Paths such as `fleet.minSize`. */
  readonly reads: readonly string[];
  /** The setting that the problem is reported at. */
  readonly blames: string;
  /** What is wrong, as the end of a sentence that begins with the value of `blames`. */
  readonly problem: (settings: Settings, environment: string) => string | undefined;
}

/** From the most to the least urgent, which is the order in which warnings are printed. */
const URGENCIES = ["exposure", "outage", "operation", "limit", "accepted"] as const;

/** Settings that can be deployed and are still unsafe. */
export interface Warning {
  /**
   * `exposure`: something is open to the internet; `outage`: one failure stops the servers; `operation`: a deploy may fail, or
   * the group may scale badly or cost more than expected; `limit`: it works only up to a limit; `accepted`: a safety feature is
   * off for a reason that is written down.
   */
  readonly urgency: (typeof URGENCIES)[number];
  /** The sentences to print, which name the setting that cures it; false if the settings are fine. */
  readonly text: (settings: Settings) => string | false;
}

/** A name in AWS; every environment but production puts its own name in front of it. */
interface Name {
  /** The key in the section that has the name. */
  readonly key: string;
  readonly kind: NamedKind;
  /** The name if the key is left out. */
  readonly byDefault?: string;
}

export interface Section<Schema extends z.ZodType = z.ZodType> {
  readonly schema: Schema;
  readonly names?: readonly Name[];
  /** Paths below the section that name a bucket. Bucket names are global, so none may be used twice. */
  readonly buckets?: readonly string[];
  readonly rules?: readonly Rule[];
  readonly warnings?: readonly Warning[];
}

type Sections = Readonly<Record<string, Section>>;

/** The schemas of all sections, by the same keys. */
export function schemasOf<All extends Sections>(sections: All): { [Key in keyof All]: All[Key]["schema"] } {
  return Object.fromEntries(Object.entries(sections).map(([key, { schema }]) => [key, schema])) as never;
}

/** The rules of all names, and then those of each section. */
export function rulesOf(sections: Sections): Rule[] {
  const names = Object.entries(sections).flatMap(([section, { names = [] }]) =>
    names.map((name) => ({ ...name, path: `${section}.${name.key}`, section })),
  );
  return [
    ...names.map(acceptedName),
    ...KINDS_IN_ONE_LIST.flatMap((wanted) =>
      names.filter(({ kind }) => kind === wanted).map((name, index, same) => distinctName(name, same.slice(0, index))),
    ).filter(({ reads }) => reads.length > 1),
    ...Object.values(sections).flatMap(({ rules = [] }) => rules),
  ];
}

/** The warnings of all sections that apply to an environment, the most urgent first. */
export function warningsIn(sections: Sections, settings: Settings): string[] {
  return Object.values(sections)
    .flatMap(({ warnings = [] }) => warnings)
    .sort((a, b) => URGENCIES.indexOf(a.urgency) - URGENCIES.indexOf(b.urgency))
    .flatMap(({ text }) => text(settings) || []);
}

/** Whole paths of the settings that name a bucket. */
export function bucketsOf(sections: Sections): string[] {
  return Object.entries(sections).flatMap(([section, { buckets = [] }]) => buckets.map((path) => `${section}.${path}`));
}

/** The value at a path such as `fleet.minSize`; undefined where there is none. */
export function valueAt(settings: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((part, key) => (part as Record<PropertyKey, unknown> | undefined)?.[key], settings);
}

type Placed = Name & { readonly section: string; readonly path: string };

/** The name without an environment's prefix; undefined where an optional section is left out. */
function nameOf(settings: Settings, { section, key, byDefault }: Placed): string | undefined {
  const part = valueAt(settings, [section]);
  return part === undefined ? undefined : ((valueAt(part, [key]) ?? byDefault) as string | undefined);
}

function acceptedName(named: Placed): Rule {
  return {
    reads: [named.path],
    blames: named.path,
    problem: (settings, environment) => {
      const name = nameOf(settings, named);
      if (name === undefined) return undefined;
      const inAws = nameIn(environment, name);
      const problem = nameProblem(named.kind, inAws);
      return problem === undefined ? undefined : `(in AWS ${JSON.stringify(inAws)}) ${problem}`;
    },
  };
}

/** Kinds of which the settings have several names, and AWS keeps them in one list where each is unique. */
const KINDS_IN_ONE_LIST: readonly NamedKind[] = ["alarm", "securityGroup", "role"];

function distinctName(named: Placed, earlier: readonly Placed[]): Rule {
  return {
    reads: [...earlier, named].map(({ path }) => path),
    blames: named.path,
    problem: (settings) => {
      const name = nameOf(settings, named);
      const other = earlier.find((each) => name !== undefined && nameOf(settings, each) === name);
      return other === undefined ? undefined : `is ${other.path}, too`;
    },
  };
}
