/** What a plan means, in sentences of which each type of resource has its own. */
import type { Kind, Plan, PlannedChange } from "../terraform/plan";
import { byType } from "../terraform/stack";

/** A sentence that a change of a resource may deserve. */
export interface Consequence {
  readonly id: string;
  readonly on: readonly Kind[];
  /** Nothing where the change does not mean that. */
  readonly sentence: (change: PlannedChange, plan: Plan) => string | undefined;
}

export interface Meaning {
  /** Id of the consequence. */
  readonly rule: string;
  readonly sentence: string;
}

/** What of the tables is needed: the consequences of each type. */
export type Consequences = Readonly<Record<string, { readonly consequences?: readonly Consequence[] }>>;

/** In the order of the tables; the same sentence once. */
export function meaningOf(plan: Plan, types: Consequences): Meaning[] {
  // What an interrupted replacement has left over means nothing: the resource itself exists beside it.
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
