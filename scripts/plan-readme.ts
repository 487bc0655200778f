/** The README's reviews, written from the corpus. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { review } from "../src/plan-review/review";
import { terminal } from "../src/plan-review/terminal";
import type { Plan } from "../src/terraform/plan";

const SHOWN = { "first-deploy": "A first deploy", "ami-change": "A new image", "port-change": "Another port" };
const BETWEEN = /(<!-- reviews -->\n)[\s\S]*?(<!-- \/reviews -->)/;
const MOST_LINES = 30;
const MOST_COLUMNS = 180;
/** Any day will do where nothing is suppressed. */
const DAY = "2026-01-01";

/** @param fixtures folder of the corpus */
export function withReviews(readme: string, fixtures: string): string {
  const sections = Object.entries(SHOWN).map(([name, title]) => {
    const { plan, paths } = JSON.parse(readFileSync(join(fixtures, `${name}.json`), "utf8")) as {
      plan: Plan;
      paths: Record<string, string>;
    };
    const lines = terminal(review(plan, paths, [], DAY), false)
      .split("\n")
      .map(short);
    const rest = lines.length - MOST_LINES;
    const shown = rest > 0 ? [...lines.slice(0, MOST_LINES), `  … and ${String(rest)} more lines`] : lines;
    return `**${title}**\n\n\`\`\`text\n${shown.join("\n")}\n\`\`\`\n`;
  });
  return readme.replace(BETWEEN, (_, begin: string, end: string) => `${begin}\n${sections.join("\n")}\n${end}`);
}

const short = (line: string) => (line.length > MOST_COLUMNS ? `${line.slice(0, MOST_COLUMNS - 1)}…` : line);
