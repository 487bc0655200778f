/** The README's reviews, written from the corpus. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { costDifference } from "../src/commands/priced";
import { environments } from "../src/config/environments";
import { intended } from "../src/plan-review/intended";
import { review } from "../src/plan-review/review";
import { terminal } from "../src/plan-review/terminal";
import type { Plan } from "../src/terraform/plan";

const SHOWN = { "first-deploy": "A first deploy", "ami-change": "A new image", "port-change": "Another port" };
const FIXTURES = join(__dirname, "..", "__tests__", "fixtures", "plans");
const MOST_LINES = 30;
const COLUMNS = 100;
/** Any day will do where nothing is suppressed. */
const DAY = "2026-01-01";

export function reviews(): string {
  const sections = Object.entries(SHOWN).map(([name, title]) => {
    const { plan, paths } = JSON.parse(readFileSync(join(FIXTURES, `${name}.json`), "utf8")) as {
      plan: Plan;
      paths: Record<string, string>;
    };
    const result = review(plan, paths, intended(plan, environments.production), DAY);
    const lines = terminal(result, { colour: false, width: COLUMNS }, costDifference(plan)).split("\n");
    const rest = lines.length - MOST_LINES;
    const shown = rest > 0 ? [...lines.slice(0, MOST_LINES), `  … and ${String(rest)} more lines`] : lines;
    return `**${title}**\n\n\`\`\`text\n${shown.join("\n")}\n\`\`\``;
  });
  return sections.join("\n\n");
}
