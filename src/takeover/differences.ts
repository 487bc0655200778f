/** The differences between what exists and what the settings want, out of Terraform's own plan, each with its class. */
import { isDeepStrictEqual } from "node:util";
import type { Kept, KeptAttribute } from "../config/kept";
import type { PlanJson, ResourceChange } from "../terraform/plan-json";
import type { Stack } from "../terraform/stack";
import type { Values } from "../terraform/values";

/** The part of the resource tables that is needed here. */
export type Classes = Readonly<
  Record<string, { readonly harmless?: readonly string[]; readonly harmlessNew?: true | { readonly in: string } }>
>;

export interface Difference extends KeptAttribute {
  /** The value is known only after the apply: it may be different only because of another difference. */
  readonly unknown: boolean;
}

const LATER = "(known after apply)";
const SECRET = "(hidden)";

/** Of any type. */
const HARMLESS = ["tags", "tags_all", "description"];

/** @param stack as it is synthesized: an attribute that it does not set is a difference only where Terraform knows its new value */
export function differencesOf({ resource_changes = [] }: PlanJson, stack: Stack, types: Classes): Difference[] {
  const written = new Map(stack.resources.map(({ address, values }) => [address, values]));
  const referring = references(resource_changes);
  const all = resource_changes
    .filter(({ mode, change: { before, after } }) => mode !== "data" && before !== null && after !== null)
    .flatMap((change) => ofResource(change, written.get(change.address) ?? {}, types[change.type]?.harmless ?? []));
  // What refers to a difference, such as an alarm to the name of its group, is different because of it.
  const follows = ({ address, attribute }: Difference) => {
    const text = JSON.stringify(written.get(address)?.[attribute] ?? null);
    return all.some((other) => text.includes(`\${${other.address}.${other.attribute}}`));
  };
  return all
    .filter((each) => !follows(each))
    .map((each) => ({ ...each, is: referring(each.is), wanted: referring(each.wanted) }));
}

function ofResource({ address, change }: ResourceChange, written: Values, harmless: readonly string[]): Difference[] {
  const { before, after, after_unknown = {}, replace_paths = [] } = change;
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {}), ...Object.keys(after_unknown)]);
  const { ignore_changes: ignored = [] } = (written["lifecycle"] ?? {}) as { ignore_changes?: readonly string[] };
  return [...names].flatMap((attribute) => {
    const [is, wanted, unknown] = [before?.[attribute], after?.[attribute], after_unknown[attribute]];
    const isWritten = Object.hasOwn(written, attribute);
    const found = compare(is, wanted, unknown);
    if (found === "same" || ignored.includes(attribute)) return [];
    // What is computed, and what the provider writes where nothing is set.
    if (!isWritten && (found === "unknown" || (isEmpty(is) && isEmpty(wanted)))) return [];
    const replaces = replace_paths.some(([first]) => first === attribute);
    const secret =
      attribute.startsWith("user_data") ||
      [change.before_sensitive, change.after_sensitive].some((marks) => hasTrue(marks === true || marks?.[attribute]));
    return [
      {
        address,
        attribute,
        class: replaces ? "replaces" : [...HARMLESS, ...harmless].includes(attribute) ? "harmless" : "interrupts",
        is: secret ? SECRET : (is ?? null),
        wanted: secret ? SECRET : found === "unknown" ? LATER : (wanted ?? null),
        unknown: found === "unknown",
      } as Difference,
    ];
  });
}

/** Whether two values differ in what Terraform knows of them; if not, whether they may differ in the rest. */
function compare(is: unknown, wanted: unknown, unknown: unknown): "same" | "different" | "unknown" {
  if (unknown === true) return "unknown";
  if (!isCollection(wanted) && !isCollection(unknown)) return same(is, wanted) ? "same" : "different";
  const parts = [is, wanted, unknown].map((part) => (isCollection(part) ? part : {}));
  const keys = new Set(parts.flatMap((part) => Object.keys(part)));
  const found = [...keys].map((key) => {
    const [one, two, three] = parts.map((part) => part[key]);
    return compare(one, two, three);
  });
  return found.find((each) => each === "different") ?? found.find((each) => each === "unknown") ?? "same";
}

/** An id of a resource of the stack in a value becomes a reference to it, which says more, and is true in any account. */
function references(changes: readonly ResourceChange[]): (value: KeptAttribute["is"]) => KeptAttribute["is"] {
  const known = new Map<string, string>();
  for (const { address, change, mode } of changes)
    for (const key of ["id", "arn"]) {
      const value = change.before?.[key];
      if (mode !== "data" && typeof value === "string" && IDENTIFIES.test(value) && !known.has(value))
        known.set(value, `\${${address}.${key}}`);
    }
  const referring = (value: KeptAttribute["is"]): KeptAttribute["is"] => {
    if (typeof value === "string") return known.get(value) ?? value;
    if (Array.isArray(value)) return value.map(referring);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, referring(part)]));
  };
  return referring;
}

/** `vpc-0123abcd`, `subnet-…`, an ARN: a name such as that of a group could be any text. */
const IDENTIFIES = /^(arn:|[a-z]+-[0-9a-f]{8,}$)/;

const isCollection = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** Null, an empty text and an empty list are what the provider writes where nothing is set. */
const isNothing = (value: unknown) =>
  value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
const same = (one: unknown, other: unknown) => isDeepStrictEqual(one, other) || (isNothing(one) && isNothing(other));

/** Of types that have no null, it writes false and 0 as well, and blocks of nothing else. */
const isEmpty = (value: unknown): boolean =>
  value === false || value === 0 || isNothing(value) || (isCollection(value) && Object.values(value).every(isEmpty));

const hasTrue = (marks: unknown): boolean =>
  marks === true || (isCollection(marks) && Object.values(marks).some(hasTrue));

/**
 * What a plan finds that is to be kept and is not kept yet. While it replaces something, what is not known yet may be unknown only
 * because of that: then that waits for the next plan.
 */
export function toKeep(differences: readonly Difference[], { kept }: Kept, keepsHarmless: boolean): KeptAttribute[] {
  const isKept = ({ address, attribute }: Difference) =>
    kept.some((each) => each.address === address && each.attribute === attribute);
  const all = differences.filter((each) => (keepsHarmless || each.class !== "harmless") && !isKept(each));
  const known = all.filter(({ unknown }) => !unknown);
  const isReplaced = known.some((each) => each.class === "replaces");
  return (isReplaced ? known : all).map(({ address, attribute, class: of, is, wanted }) => ({
    address,
    attribute,
    class: of,
    is,
    wanted,
  }));
}

/**
 * Of the resources that do not exist, those whose creation may interrupt what runs: they are left for later. What something refers
 * to that is not itself left for later cannot be.
 */
export function forLater(
  stack: Stack,
  missing: readonly string[],
  types: Classes,
  refersTo: (value: unknown, address: string) => boolean,
): { later: string[]; needed: string[] } {
  const isMissing = new Set(missing);
  const interrupting = stack.resources.filter(({ address, type, values }) => {
    const harmless = types[type]?.harmlessNew;
    if (!isMissing.has(address) || harmless === true) return false;
    const within = harmless === undefined ? undefined : values[harmless.in];
    return !missing.some((other) => refersTo(within, other));
  });
  let later = interrupting.map(({ address }) => address);
  for (;;) {
    const rest = stack.resources.filter(({ address }) => !later.includes(address));
    const free = later.filter(
      (address) => !rest.some(({ values }) => refersTo(values, address) || dependsOn(values, address)),
    );
    if (free.length === later.length) break;
    later = free;
  }
  return { later, needed: interrupting.flatMap(({ address }) => (later.includes(address) ? [] : address)) };
}

const dependsOn = ({ depends_on }: Values, address: string) =>
  [depends_on].flat().some((each) => String(each) === address);
