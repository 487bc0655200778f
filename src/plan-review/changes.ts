/** The changes of a plan: each resource with the reason, and only the attributes that differ. */
import { isDeepStrictEqual } from "node:util";
import { pathIn } from "../terraform/addresses";
import { KINDS, type Kind, type Plan, type PlannedChange } from "../terraform/plan";
import type { OutputChange } from "../terraform/plan-json";
import { HIDDEN, isSecretName } from "./masking";

interface Attribute {
  /** Such as `health_check.0.path`. */
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

export interface Change {
  readonly kind: Kind;
  readonly type: string;
  readonly address: string;
  /** Path of the construct, below the stack; left out where it is not known. */
  readonly path?: string;
  readonly why: string;
  /** Left over from an interrupted replacement: its replacement exists. */
  readonly leftover?: true;
  readonly attributes: readonly Attribute[];
}

const LATER = "(known after apply)";

/** @param paths of the constructs, by address */
export function changesOf(plan: Plan, paths: Readonly<Record<string, string>>): Change[] {
  const changes = plan.changes.flatMap((change) => {
    const { kind, type, address } = change;
    if (kind === undefined) return [];
    // The program no longer has a deleted resource, so only its address shows its path.
    const path = paths[address] ?? pathIn(address);
    const attributes = kind === "delete" || kind === "forget" ? [] : attributesOf(change, kind);
    return [
      {
        kind,
        type,
        address,
        ...(path !== undefined && { path }),
        why: whyOf(change),
        ...(change.deposed !== undefined && { leftover: true as const }),
        attributes,
      },
    ];
  });
  return KINDS.flatMap((kind) => changes.filter((change) => change.kind === kind));
}

function whyOf({ change, action_reason, previous_address, deposed }: PlannedChange): string {
  const forced = (change.replace_paths ?? []).map((path) => path.join("."));
  return [
    ...(deposed !== undefined ? ["left over from an interrupted replacement"] : []),
    ...(forced.length > 0 ? [`${forced.join(", ")} cannot be changed in place`] : []),
    ...(change.actions.includes("forget") ? ["is removed from the state and stays in AWS"] : []),
    ...(action_reason !== undefined && forced.length === 0 ? [action_reason.replaceAll("_", " ")] : []),
    ...(previous_address !== undefined ? [`was ${previous_address}`] : []),
    ...(change.importing !== undefined ? ["imported into the state"] : []),
  ].join("; ");
}

function attributesOf({ change }: PlannedChange, kind: Kind): Attribute[] {
  const { before, after, after_unknown: unknown = {}, replace_paths: forced = [] } = change;
  const names = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {}), ...Object.keys(unknown)])];
  return names
    .filter((name) => name !== "tags_all")
    .flatMap((name) => {
      const marks = [change.before_sensitive, change.after_sensitive].map((side) => side === true || side?.[name]);
      const all = differences(name, before?.[name], after?.[name], unknown[name], marks);
      // Values that a new resource gets from AWS (its id, its ARN) are of no interest.
      const showsAll = kind === "update" || kind === "import" || forced.some(([first]) => first === name);
      return showsAll ? all : all.filter(({ after: value }) => value !== LATER);
    });
}

/** `create url, name` and `delete other`, and `update url: "http://a" → "http://b"` for each that changes. */
export function outputsOf({ outputChanges }: Plan): string[] {
  const whole = ["create", "delete"].flatMap((action) => {
    const names = outputChanges.flatMap(([name, { actions }]) => (actions.join() === action ? name : []));
    return names.length === 0 ? [] : [`${action} ${names.join(", ")}`];
  });
  const updates = outputChanges.filter(([, { actions }]) => !["create", "delete"].includes(actions.join()));
  return [...whole, ...updates.flatMap(([name, change]) => updated(name, change))];
}

function updated(name: string, { before, after, after_unknown, before_sensitive, after_sensitive }: OutputChange) {
  const found = differences(name, before, after, after_unknown, [before_sensitive, after_sensitive]);
  // The value is the same, and is sensitive now, or no longer.
  if (found.length === 0) return [`update ${name}`];
  return found.map((each) => `update ${each.name}: ${each.before} → ${each.after}`);
}

function differences(
  name: string,
  before: unknown,
  after: unknown,
  unknown: unknown,
  marks: readonly unknown[],
): Attribute[] {
  if (
    unknown !== true &&
    (isDeepStrictEqual(before, after) || (isNothing(before) && isNothing(after))) &&
    !hasUnknown(unknown)
  )
    return [];
  const hidden = marks.includes(true) || isSecretName(name);
  if (!hidden && unknown !== true && [before, after].some(isCollection)) {
    const parts = [before, after, unknown, ...marks].map((part) =>
      isCollection(part) ? (part as Record<string, unknown>) : {},
    );
    const keys = [...new Set(parts.slice(0, 3).flatMap((part) => Object.keys(part)))];
    return keys.flatMap((key) => {
      const [one, two, three, ...rest] = parts.map((part) => part[key]);
      return differences(`${name}.${key}`, one, two, three, rest);
    });
  }
  const show = (value: unknown) => (isNothing(value) ? "(none)" : hidden ? HIDDEN : JSON.stringify(value));
  return [{ name, before: show(before), after: unknown === true ? LATER : show(after) }];
}

const isCollection = (value: unknown) => typeof value === "object" && value !== null;
const isNothing = (value: unknown) => value === undefined || value === null || value === "";
const hasUnknown = (unknown: unknown): boolean =>
  unknown === true || (isCollection(unknown) && Object.values(unknown).some(hasUnknown));
