/** IAM's quotas on a role's policies, and statements packed into them: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */

/** Greatest length of a customer managed policy in characters; IAM does not count white space. */
export const MAX_POLICY_CHARACTERS = 6144;

/** Greatest number of managed policies of a role, unless AWS raises the quota. */
export const MAX_POLICIES_PER_ROLE = 10;

/** A statement that allows. References in it must be resolved, since a reference has another length than its value. */
export interface Statement {
  readonly sid: string;
  readonly actions: string[];
  readonly resources: string[];
  readonly condition?: { readonly test: string; readonly variable: string; readonly values: string[] }[];
}

export interface ManagedPolicy {
  /** The area of its first statement, with a number from the second policy of that area on. */
  readonly name: string;
  readonly statements: readonly Statement[];
}

/** Length of a policy in characters, as IAM counts it. */
export function policyCharacters(statements: readonly Statement[]): number {
  const Statement = statements.map(({ sid, actions, resources, condition = [] }) => ({
    Sid: sid,
    Effect: "Allow",
    Action: actions,
    Resource: resources,
    Condition: Object.fromEntries(condition.map(({ test, variable, values }) => [test, { [variable]: values }])),
  }));
  return JSON.stringify({ Version: "2012-10-17", Statement }).replaceAll(/\s/g, "").length;
}

/** Puts statements into as few policies as their order permits; one that is too long for a policy is cut into several. */
export function packed(parts: readonly { readonly area: string; readonly statement: Statement }[]): ManagedPolicy[] {
  const policies: { area: string; statements: Statement[] }[] = [];
  for (const { area, statement } of parts) {
    for (const piece of pieces(statement)) {
      const last = policies.at(-1);
      if (last && policyCharacters([...last.statements, piece]) <= MAX_POLICY_CHARACTERS) last.statements.push(piece);
      else policies.push({ area, statements: [piece] });
    }
  }
  return policies.map(({ area, statements }, index) => {
    const before = policies.slice(0, index).filter((earlier) => earlier.area === area).length;
    return { name: before === 0 ? area : `${area}-${String(before + 1)}`, statements };
  });
}

/** A statement, or its halves, split by resources or else by actions until each fits into a policy. */
function pieces(statement: Statement): Statement[] {
  if (policyCharacters([statement]) <= MAX_POLICY_CHARACTERS) return [statement];
  const key = statement.resources.length > 1 ? "resources" : "actions";
  const half = Math.ceil(statement[key].length / 2);
  return [statement[key].slice(0, half), statement[key].slice(half)].flatMap((list, index) =>
    pieces({ ...statement, sid: `${statement.sid}${"AB"[index] ?? ""}`, [key]: list }),
  );
}
