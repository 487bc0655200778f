/** Renders a review for a terminal. */
import { wrapped } from "../machine/table";
import { costDetails, costLine, type CostDifference } from "./cost-difference";
import type { Review } from "./review";
import { failed, findingLine, headline } from "./text";

/** @param width in columns; a longer word is on a line of its own */
export function terminal(
  review: Review,
  { colour, width }: { readonly colour: boolean; readonly width: number },
  cost?: CostDifference,
): string {
  const red = (text: string) => (colour ? `\x1b[31m${text}\x1b[0m` : text);
  const bold = (text: string) => (colour ? `\x1b[1m${text}\x1b[0m` : text);
  const section = (title: string, items: readonly string[]) =>
    items.length === 0 ? [] : ["", bold(title), ...items.map((item) => `  ${item}`)];
  const lines = [
    ...review.alarms.map((alarm) => red(`! ${alarm}`)),
    bold(headline(review, (text) => text.toUpperCase())),
    ...section("Not all of it", review.unfinished),
    ...section(
      "What it means",
      review.consequences.map(({ sentence }) => sentence),
    ),
    ...section(
      "Policy",
      review.findings.map((finding) => (failed(finding) ? red(findingLine(finding)) : findingLine(finding))),
    ),
    ...(cost === undefined ? [] : ["", bold(costLine(cost)), ...costDetails(cost).map((line) => `  ${line}`)]),
    ...section("Changed outside of Terraform", review.drift),
    ...section("Outputs", review.outputs),
    ...section(
      "Changes",
      review.changes.flatMap(({ kind, path, address, why, attributes }) => [
        `${kind} ${path ?? address}${why === "" ? "" : ` (${why})`}`,
        ...(path === undefined ? [] : [`  ${address}`]),
        ...(kind === "create" ? [] : attributes.map(({ name, before, after }) => `    ${name}: ${before} → ${after}`)),
      ]),
    ),
  ];
  return lines.map((line) => wrapped(line, width)).join("\n");
}
