/** `npm run review`: a plan as a reviewer reads it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { keptIn } from "../config/kept";
import { settingsNamed } from "../config/find-environment";
import { planIn, planOf, type Planned } from "../deploy/plan";
import { namesFile } from "../deploy/read-stack";
import { Problem } from "../machine/problem";
import { PROJECT } from "../machine/project";
import type { CostDifference } from "../plan-review/cost-difference";
import { acceptedWhileKept, intended } from "../resources/intended";
import { markdown } from "../plan-review/markdown";
import { exitCodeOf, review, type Review } from "../plan-review/review";
import { suppressionsOf, type Suppression } from "../plan-review/suppressions";
import { terminal } from "../plan-review/terminal";
import { reviewTables } from "../resources/tables";
import { choose, defineCommand, type Result } from "./command";
import { costDifference } from "./priced";
import { folderOf, workspaceFor, WORKSPACE_OPTIONS } from "./workspace";

export const command = defineCommand({
  usage: "ENV|PLAN",
  about: `Explains what a deploy would change: what each change means, which policies it
breaks, and what it costs. ENV is planned with Terraform; PLAN is a plan file of
Terraform's, or what terraform show -json makes of one, under any name. Changes
nothing. Exit code: 0 for no changes, 2 for changes or a failed condition, 3
where a policy is broken, 1 for an error.`,
  options: {
    format: { value: "FORMAT", default: "terminal", help: "terminal, markdown or json" },
    json: { help: "the same as --format json" },
    out: { value: "FILE", help: "keep the plan in FILE, for deploy --plan" },
    ...WORKSPACE_OPTIONS,
  },
  async run(call) {
    const { args, options, env, progress } = call;
    const [target = ""] = args;
    const format = options.json ? "json" : options.format;
    // Before a plan, which takes a while.
    rendererNamed(format);
    readSuppressions();
    const workspace = namesFile(target) ? undefined : await workspaceFor(call);
    if (workspace === undefined && options.out !== undefined)
      throw new Problem(`--out keeps the plan of an environment, and ${target} is a plan already`);
    const outputs = [PROJECT, folderOf(call)].map((folder) => join(folder, "cdktf.out"));
    const planned =
      workspace === undefined
        ? await planIn(target, env, outputs)
        : await progress.step(`Planning ${target}`, (onLine) => planOf(workspace, onLine, options.out));
    return reviewed(planned, viewOf(format, env), workspace?.settings);
  },
});

/** Where there is no terminal to ask. */
const PIPED_COLUMNS = 80;

export const viewOf = (format: string, env: NodeJS.ProcessEnv): View => ({
  format,
  colour: process.stdout.isTTY && env["NO_COLOR"] === undefined,
  width: process.stdout.isTTY ? process.stdout.columns : PIPED_COLUMNS,
});

/** How a review is shown. */
export interface View {
  /** `markdown`, `terminal` or `json`. */
  readonly format: string;
  /** Whether a terminal gets colours. */
  readonly colour: boolean;
  /** Columns of a terminal. */
  readonly width: number;
}

/** @param settings of the environment that is planned; left out, those of the environment that the plan itself names */
export function reviewed(
  { plan, paths }: Planned,
  { format, colour, width }: View,
  settings = settingsNamed(plan.after.environment),
  kept = keptIn(plan.after.environment ?? "none", false),
): Result {
  const accepted = [
    ...readSuppressions(),
    ...(settings === undefined ? [] : intended(plan, settings)),
    ...acceptedWhileKept(kept),
  ];
  const result = review(plan, paths, accepted, new Date().toISOString().slice(0, 10), reviewTables);
  const render = rendererNamed(format);
  return { text: render(result, costDifference(plan), { colour, width }), code: exitCodeOf(result) };
}

type Render = (review: Review, cost: CostDifference, view: Omit<View, "format">) => string;

/** @throws Problem listing the formats */
const rendererNamed = (format: string) =>
  choose<Render>("--format", format, {
    markdown,
    terminal: (review, cost, view) => terminal(review, view, cost),
    json: (review, cost) => JSON.stringify({ ...review, cost }, null, 2),
  });

function readSuppressions(): Suppression[] {
  try {
    return suppressionsOf(JSON.parse(readFileSync(join(PROJECT, "policy-suppressions.json"), "utf8")));
  } catch (error) {
    throw new Problem(
      `policy-suppressions.json: each entry needs id, address, reason and expires (2026-12-31): ${String(error)}`,
    );
  }
}
