/** A review on a terminal. */
import { costLine, type CostDifference } from "./cost-difference";
import type { Review } from "./review";
import { failed, findingLine, headline } from "./text";

/** @param colour whether the terminal shows colours */
export function terminal(review: Review, colour: boolean, cost?: CostDifference): string {
  const red = (text: string) => (colour ? `\x1b[31m${text}\x1b[0m` : text);
  const bold = (text: string) => (colour ? `\x1b[1m${text}\x1b[0m` : text);
  const section = (title: string, items: readonly string[]) =>
    items.length === 0 ? [] : ["", bold(title), ...items.map((item) => `  ${item}`)];
  return [
    ...review.alarms.map((alarm) => red(`! ${alarm}`)),
    bold(headline(review, (text) => text.toUpperCase())),
    ...section(
      "What it means",
      review.consequences.map(({ sentence }) => sentence),
    ),
    ...section(
      "Policy",
      review.findings.map((finding) => (failed(finding) ? red(findingLine(finding)) : findingLine(finding))),
    ),
    ...(cost === undefined ? [] : ["", bold(costLine(cost))]),
    ...section("Changed outside of Terraform", review.drift),
    ...section(
      "Changes",
      review.changes.flatMap(({ kind, path, address, why, attributes }) => [
        `${kind} ${path ?? address}${why === "" ? "" : ` (${why})`}`,
        ...(path === undefined ? [] : [`  ${address}`]),
        ...(kind === "create" ? [] : attributes.map(({ name, before, after }) => `    ${name}: ${before} → ${after}`)),
      ]),
    ),
  ].join("\n");
}
