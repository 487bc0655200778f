/** Holds a plan against the policies, and what was accepted against what they find. */
import type { Plan } from "../terraform/plan";
import type { Values } from "../terraform/values";
import type { Policy, Violated } from "./policy";
import type { Accepted } from "./suppressions";

/** What of the tables is needed: the policies in their order, and what breaks them in each type of resource. */
export interface Policies {
  readonly policies: readonly Policy[];
  readonly types: Readonly<Record<string, { readonly policies?: Readonly<Partial<Record<string, Violated>>> }>>;
}

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
export function judge(
  plan: Plan,
  accepted: readonly Accepted[],
  today: string,
  { policies, types }: Policies,
): Finding[] {
  const judged = [...plan.planned, ...namedValues(plan)];
  const found = policies.flatMap((policy) =>
    judged
      .filter(({ type, values }) => (types[type]?.policies?.[policy.id] ?? policy.everywhere)?.(values, plan))
      .map(({ address }) => finding(policy, address)),
  );
  // What goes breaks no policy any more, but its suppression may be needed until it is gone.
  const going = plan.changes.flatMap(({ address, change }) => (change.after === null ? address : []));
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

/** Outputs and variables, where a secret can be as well. Sensitive ones are for secrets, but not written down as a default. */
function namedValues({ outputs, variables }: Plan): { address: string; type: string; values: Values }[] {
  return [
    ...outputs.flatMap(({ name, sensitive, value }) =>
      sensitive ? [] : [{ address: `output.${name}`, type: "output", values: { [name]: value } }],
    ),
    ...variables.map(({ name, value, sensitive, default: secret }) => ({
      address: `var.${name}`,
      type: "var",
      values: sensitive ? { secret } : { [name]: value },
    })),
  ];
}
