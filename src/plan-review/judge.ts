/** Holds a plan against the policies, and what was accepted against what they find. */
import { plannedResources, variablesOf, type Plan, type PlannedResource } from "../terraform/plan";
import { policies, type Policy } from "./policies";
import type { Accepted } from "./suppressions";

export interface Finding {
  readonly id: string;
  readonly severity: "error" | "warning";
  readonly address: string;
  readonly cure: string;
  /** Why somebody has accepted it. */
  readonly suppressed?: string;
}

/**
 * Every violation, accepted or not; a suppression that has expired, or suppresses nothing, is one itself.
 *
 * @param accepted with an end if it is a suppression, without one if the settings say so
 */
export function judge(plan: Plan, accepted: readonly Accepted[], today: string): Finding[] {
  const judged = [...plannedResources(plan).filter(({ mode }) => mode === "managed"), ...namedValues(plan)];
  const found = policies.flatMap((policy) =>
    judged
      .filter(({ type, values }) => policy.violated(type, values, plan))
      .map(({ address }) => finding(policy, address)),
  );
  // What goes breaks no policy any more, but its suppression may be needed until it is gone.
  const going = (plan.resource_changes ?? []).flatMap(({ address, change }) => (change.after === null ? address : []));
  const about = (one: { id: string; address: string }) => (each: { id: string; address: string }) =>
    each.id === one.id && each.address === one.address;
  return [
    ...found.map((one) => {
      const by = accepted.filter(({ expires = today }) => expires >= today).find(about(one));
      if (by === undefined) return one;
      return { ...one, suppressed: by.expires === undefined ? by.reason : `${by.reason} (until ${by.expires})` };
    }),
    ...accepted.flatMap((each): Finding[] => {
      const { id, address, expires } = each;
      if (expires === undefined) return [];
      const cure = `the suppression of ${id} ended on ${expires}: mend what it hid and take it out, or give it a new date`;
      if (expires < today) return [{ id: "expired-suppression", severity: "error", address, cure }];
      if (found.some(about(each)) || going.includes(address)) return [];
      return [{ id: "stale-suppression", severity: "warning", address, cure: staleCure(id) }];
    }),
  ];
}

const finding = ({ id, severity, cure }: Policy, address: string): Finding => ({ id, severity, address, cure });

/** One file of suppressions serves all environments. */
const staleCure = (id: string) =>
  `nothing here breaks ${id}: take it out of policy-suppressions.json, unless another environment needs it`;

/** Outputs and variables, where a secret can stand as well. Sensitive ones are for secrets, but not written down as a default. */
function namedValues(plan: Plan): PlannedResource[] {
  const values = [
    ...Object.entries(plan.planned_values?.outputs ?? {}).flatMap(([name, { sensitive, value }]) =>
      sensitive === true ? [] : [{ type: "output", name, values: { [name]: value } }],
    ),
    ...variablesOf(plan).map(({ name, value, sensitive, default: secret }) => ({
      type: "var",
      name,
      values: sensitive === true ? { secret } : { [name]: value },
    })),
  ];
  return values.map(({ type, name, values }) => ({ address: `${type}.${name}`, type, mode: "managed", values }));
}
