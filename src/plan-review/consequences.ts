/** The consequences of a plan, in sentences that each type of resource defines. */
import type { Kind, Plan, PlannedChange } from "../terraform/plan";
import { byType } from "../terraform/stack";

/** A sentence about what a change of a resource leads to. */
export interface Consequence {
  readonly id: string;
  readonly on: readonly Kind[];
  /** Undefined where the change does not have this consequence. */
  readonly sentence: (change: PlannedChange, plan: Plan) => string | undefined;
}

export interface Meaning {
  /** Id of the consequence. */
  readonly rule: string;
  readonly sentence: string;
}

/** The part of the resource tables that is needed here: the consequences of each type. */
export type Consequences = Readonly<Record<string, { readonly consequences?: readonly Consequence[] }>>;

/** The consequences in the order of the tables, each sentence once. */
export function meaningOf(plan: Plan, types: Consequences): Meaning[] {
  // Deleting what an interrupted replacement left over has no consequence: the resource itself exists beside it.
  const changes = byType(plan.changes.filter(({ deposed }) => deposed === undefined));
  const sentences = new Map<string, Meaning>();
  for (const [type, { consequences = [] }] of Object.entries(types)) {
    for (const { id, on, sentence } of consequences) {
      for (const change of changes.get(type) ?? []) {
        const text = change.kind !== undefined && on.includes(change.kind) ? sentence(change, plan) : undefined;
        if (text !== undefined && !sentences.has(text)) sentences.set(text, { rule: id, sentence: text });
      }
    }
  }
  return [...sentences.values()];
}
