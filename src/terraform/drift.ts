/** The drift of a plan: changes outside of Terraform, an attribute a line. */
import { isDeepStrictEqual } from "node:util";
import type { Plan } from "./plan";

/** Attributes that change by themselves, by type: the present size of a group belongs to its scaling. */
const MOVING: Readonly<Record<string, string>> = { aws_autoscaling_group: "desired_capacity" };

/** Without sensitive values. */
export function driftOf({ drift }: Pick<Plan, "drift">): string[] {
  return drift.flatMap(({ address, change }) => {
    const { before, after } = change;
    if (after === null) return [`${address} was deleted`];
    const changed = Object.keys(after)
      .filter((name) => !isDeepStrictEqual(before?.[name], after[name]))
      .filter((name) => MOVING[address.split(".")[0] ?? ""] !== name);
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
