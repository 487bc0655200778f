/** The JSON that `terraform show -json` makes of a plan: https://developer.hashicorp.com/terraform/internals/json-format */
import { isDeepStrictEqual } from "node:util";

type Values = Readonly<Record<string, unknown>>;

interface ResourceChange {
  readonly address: string;
  readonly change: {
    readonly before: Values | null;
    readonly after: Values | null;
    /** `true` for a whole attribute that is sensitive, or the parts of it that are. */
    readonly before_sensitive?: Values | true;
    readonly after_sensitive?: Values | true;
  };
}

export interface Plan {
  /** What has changed outside of Terraform since the state was written. */
  readonly resource_drift?: readonly ResourceChange[];
}

/** What has changed outside of Terraform, an attribute a line; sensitive values are not told. */
export function driftOf(plan: Plan): string[] {
  return (plan.resource_drift ?? []).flatMap(({ address, change }) => {
    const { before, after } = change;
    if (after === null) return [`${address} is gone`];
    const changed = Object.keys(after)
      .filter((name) => !isDeepStrictEqual(before?.[name], after[name]))
      // A group's present size belongs to the scaling.
      .filter((name) => !(address.startsWith("aws_autoscaling_group.") && name === "desired_capacity"));
    return changed.map((name) => {
      const secret = [change.before_sensitive, change.after_sensitive].some((marks) =>
        isSensitive(marks === true || marks?.[name]),
      );
      const values = secret ? "(sensitive)" : `${JSON.stringify(before?.[name])} → ${JSON.stringify(after[name])}`;
      return `${address} ${name}: ${values}`;
    });
  });
}

/** Marks are `true` for what is sensitive, and lists and objects of marks for its parts. */
function isSensitive(marks: unknown): boolean {
  return marks === true || (typeof marks === "object" && marks !== null && Object.values(marks).some(isSensitive));
}
