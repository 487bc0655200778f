/** The region of a resource. */
import type { Values } from "./values";

/** https://docs.aws.amazon.com/general/latest/gr/rande.html */
const REGION = /^[a-z]{2}(-[a-z]+)+-\d+$/;

/**
 * The region that a resource's own values show: its attribute `region`, or its ARN where it exists already. Undefined where they
 * show none; a reference such as `${var.region}` is no region.
 */
export function regionIn({ region, arn }: Values): string | undefined {
  const shown = [region, typeof arn === "string" ? arn.split(":")[3] : undefined];
  return shown.find((each): each is string => typeof each === "string" && REGION.test(each));
}
