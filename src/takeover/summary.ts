/** What a takeover would do, and has done, as text. */
import type { DifferenceClass, Kept } from "../config/kept";
import type { Plan } from "../terraform/plan";
import type { Findings } from "./find";
import { nameOf } from "./release";

/** As Terraform counts: `36 to import, 8 to add, 28 to change, 0 to destroy`. */
export function counts({ changes }: Plan): string {
  const number = (test: (change: Plan["changes"][number]["change"]) => boolean) =>
    String(changes.filter(({ change }) => test(change)).length);
  const has =
    (action: string) =>
    ({ actions }: { readonly actions: readonly string[] }) =>
      actions.includes(action);
  return `${number(({ importing }) => importing !== undefined)} to import, ${number(has("create"))} to add, ${number(has("update"))} to change, ${number(has("delete"))} to destroy`;
}

const WORDS: Readonly<Record<DifferenceClass, string>> = {
  replaces: "Kept for good, since a change would replace the resource",
  interrupts: "Kept until it is released, since a change may interrupt what runs",
  harmless: "Kept until it is released, though a change is harmless",
};

/** Blocks of lines, each with a title; those without a line are left out. */
export function summary(plan: Plan, { found, missing }: Pick<Findings, "found" | "missing">, kept: Kept): string {
  const created = missing.filter((address) => !kept.later.includes(address));
  const changed = plan.changes.filter(({ change }) => change.actions.includes("update")).map(({ address }) => address);
  const stacks = [...new Set(found.flatMap(({ cloudFormation }) => cloudFormation ?? []))];
  return [
    ...(["replaces", "interrupts", "harmless"] as const).map((one) =>
      listed(
        WORDS[one],
        kept.kept.flatMap((each) => (each.class === one ? nameOf(each) : [])),
      ),
    ),
    listed("Left for later, since to create it may interrupt what runs (--new now creates it at once)", kept.later),
    listed("Created, and used by nothing until something is released", created),
    listed("Changed in what is harmless, such as tags and descriptions", changed),
    listed("Also managed by CloudFormation, which would undo every change: let its stack go first", stacks),
  ]
    .filter((block) => block !== "")
    .join("\n\n");
}

const listed = (title: string, lines: readonly string[]) =>
  lines.length === 0 ? "" : `${title} (${String(lines.length)}):\n  ${lines.join("\n  ")}`;
