/** Phrases that the renderers of a review share. */
import { KINDS, type Kind } from "../terraform/plan";
import type { Finding } from "./judge";
import type { Review } from "./review";

const DONE: Record<Kind, string> = {
  delete: "deleted",
  replace: "replaced",
  forget: "forgotten",
  update: "updated",
  move: "moved",
  import: "imported",
  create: "created",
};

/** `2 replaced, 1 updated`; outputs and what is unfinished are named where no resource changes. */
export function headline(
  { counts, outputs, unfinished }: Review,
  emphasis: (text: string) => string = (text) => text,
): string {
  const parts = KINDS.filter((kind) => counts[kind] > 0).map((kind) => {
    const text = `${String(counts[kind])} ${DONE[kind]}`;
    return kind === "replace" || kind === "delete" ? emphasis(text) : text;
  });
  if (parts.length > 0) return parts.join(", ");
  if (outputs.length > 0) return "Only outputs change";
  return unfinished.length > 0 ? "No changes in the part that is planned" : "No changes";
}

export const failed = ({ severity, suppressed }: Finding) => severity === "error" && suppressed === undefined;

/** `imdsv2 (error) at aws_instance.x: the cure` */
export const findingLine = ({ id, severity, address, cure, suppressed }: Finding) =>
  `${id} (${severity}) at ${address}: ${suppressed === undefined ? cure : `accepted: ${suppressed}`}`;
