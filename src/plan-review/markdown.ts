/** A review as a comment on a pull request. */
import { code, safe } from "../machine/markdown";
import type { Change } from "./changes";
import { costDetails, costLine, type CostDifference } from "./cost-difference";
import type { Review } from "./review";
import { failed, findingLine, headline } from "./text";

/** GitHub accepts 65,536 characters; the rest is left for what a pipeline adds. */
export const MOST_BYTES = 60_000;

/** A comment that is too long loses the least important first: attributes of the last changes, then the changes themselves. */
export function markdown(review: Review, cost?: CostDifference): string {
  const { changes } = review;
  for (const details of [changes.length, 40, 10, 0]) {
    const text = compose(review, changes.length, details, cost);
    if (Buffer.byteLength(text) < MOST_BYTES) return text;
  }
  for (let shown = Math.min(changes.length, 400); shown > 0; shown = Math.floor(shown / 2)) {
    const text = compose(review, shown, 0, cost);
    if (Buffer.byteLength(text) < MOST_BYTES) return text;
  }
  const rest = Buffer.from(compose(review, 0, 0, cost))
    .subarray(0, MOST_BYTES - 100)
    .toString();
  return `${rest.slice(0, rest.lastIndexOf("\n"))}\n\n… and more: see the plan itself\n`;
}

function compose(review: Review, shown: number, details: number, cost?: CostDifference): string {
  const { alarms, consequences, drift, findings, changes, outputs, unfinished } = review;
  const hidden = changes.length - shown;
  return [
    ...(alarms.length > 0 ? [`**🔴 ${alarms.map(safe).join("; ")}**`, ""] : []),
    `**${headline(review, (text) => text.toUpperCase())}**`,
    ...cutList("Not all of it", unfinished),
    ...list(
      "What it means",
      consequences.map(({ sentence }) => sentence),
    ),
    ...titled("Policy", [
      ...findings.filter(failed).map((finding) => `❌ ${safe(findingLine(finding))}`),
      ...findings.filter((finding) => !failed(finding)).map((finding) => safe(findingLine(finding))),
    ]),
    ...(cost === undefined
      ? []
      : ["", `**${safe(costLine(cost))}**`, "", ...costDetails(cost).map((line) => `- ${safe(line)}`)]),
    ...cutList("Changed outside of Terraform", drift),
    ...cutList("Outputs", outputs),
    ...(shown > 0 ? ["", "<details><summary>Changes</summary>", ""] : []),
    ...changes.slice(0, shown).flatMap((change, index) => lines(change, index < details)),
    ...(hidden > 0 ? [`- … and ${String(hidden)} more: see the plan itself`] : []),
    ...(shown > 0 ? ["", "</details>"] : []),
    "",
  ].join("\n");
}

function lines({ kind, path, address, why, attributes }: Change, detailed: boolean): string[] {
  return [
    `- **${kind}** ${path === undefined ? "" : `${safe(path)} `}${code(address)}${why === "" ? "" : ` (${safe(why)})`}`,
    ...(detailed && kind !== "create"
      ? attributes.map(({ name, before, after }) => `  - ${safe(`${name}: ${before} → ${after}`)}`)
      : []),
  ];
}

/** @param items as Markdown */
const titled = (title: string, items: readonly string[]) =>
  items.length === 0 ? [] : ["", `**${title}**`, "", ...items.map((item) => `- ${item}`)];
const list = (title: string, items: readonly string[]) => titled(title, items.map(safe));
const cutList = (title: string, items: readonly string[]) =>
  list(title, items.length > 20 ? [...items.slice(0, 20), `… and ${String(items.length - 20)} more`] : items);
