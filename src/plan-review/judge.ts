/** Checks a plan against the policies, and its findings against the accepted ones. */
import type { Plan } from "../terraform/plan";
import type { Values } from "../terraform/values";
import type { Policy, Violated } from "./policy";
import type { Accepted } from "./suppressions";

/** The part of the resource tables that is needed here: the policies in their order, and what violates them in each type. */
export interface Policies {
  readonly policies: readonly Policy[];
  readonly types: Readonly<Record<string, { readonly policies?: Readonly<Partial<Record<string, Violated>>> }>>;
}

export interface Finding {
  readonly id: string;
  readonly severity: "error" | "warning";
  readonly address: string;
  readonly cure: string;
  /** The reason for which it is accepted. */
  readonly suppressed?: string;
}

/**
 * Every violation, accepted or not. A suppression that has expired, or suppresses nothing, is a finding as well.
 *
 * @param accepted with a last day if it is a suppression, without one if the settings accept it
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
  // A resource that is deleted violates no policy any more, but its suppression is needed until the delete is applied.
  const deleted = plan.changes.flatMap(({ address, change }) => (change.after === null ? address : []));
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
      const cure = `the suppression of ${id} ended on ${expires}: fix what it hid and remove it, or give it a new date`;
      if (expires < today) return [{ id: "expired-suppression", severity: "error", address, cure }];
      if (found.some(about(each)) || deleted.includes(address)) return [];
      return [{ id: "stale-suppression", severity: "warning", address, cure: staleCure(id) }];
    }),
  ];
}

const finding = ({ id, severity, cure }: Policy, address: string): Finding => ({ id, severity, address, cure });

/** One file of suppressions serves all environments. */
const staleCure = (id: string) =>
  `nothing here violates ${id}: remove it from policy-suppressions.json, unless another environment needs it`;

/** Outputs and variables, which may hold a secret as well. A sensitive variable may, but its default is in the source. */
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
