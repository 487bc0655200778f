/** The examples of docs/reviews.md: plans of the corpus, reviewed. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { costDifference } from "../src/commands/priced";
import { environments } from "../src/config/environments";
import { review } from "../src/plan-review/review";
import { terminal } from "../src/plan-review/terminal";
import { intended } from "../src/resources/intended";
import { reviewTables } from "../src/resources/tables";
import { readPlan } from "../src/terraform/plan";
import type { PlanJson } from "../src/terraform/plan-json";

const SHOWN = { "first-deploy": "A first deploy", "ami-change": "A new image", "port-change": "Another port" };
const FIXTURES = join(__dirname, "..", "__tests__", "fixtures", "plans");
const MOST_LINES = 30;
const COLUMNS = 100;
/** Any day will do where nothing is suppressed. */
const DAY = "2026-01-01";

export function reviews(): string {
  const sections = Object.entries(SHOWN).map(([name, title]) => {
    const { plan: json, paths } = JSON.parse(readFileSync(join(FIXTURES, `${name}.json`), "utf8")) as {
      plan: PlanJson;
      paths: Record<string, string>;
    };
    const plan = readPlan(json);
    const result = review(plan, paths, intended(plan, environments.production), DAY, reviewTables);
    const lines = terminal(result, { colour: false, width: COLUMNS }, costDifference(plan)).split("\n");
    const rest = lines.length - MOST_LINES;
    const shown = rest > 0 ? [...lines.slice(0, MOST_LINES), `  … and ${String(rest)} more lines`] : lines;
    return `**${title}**\n\n\`\`\`text\n${shown.join("\n")}\n\`\`\``;
  });
  return sections.join("\n\n");
}
