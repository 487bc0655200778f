/** Findings that somebody has accepted, each with a reason and an end. */
import { z } from "zod";

const suppression = z.strictObject({
  /** Id of the policy. */
  id: z.string().min(1),
  /** Address of the resource. */
  address: z.string().min(1),
  reason: z.string().min(10),
  /** The last day it holds, such as `2026-12-31`. */
  expires: z.iso.date(),
});

export type Suppression = z.infer<typeof suppression>;

/** What is accepted: by a suppression, or by the settings themselves, which have no end. */
export type Accepted = Omit<Suppression, "expires"> & { readonly expires?: string };

/** @throws ZodError where an entry lacks something, or has more than it should */
export function suppressionsOf(json: unknown): Suppression[] {
  return z.array(suppression).parse(json);
}
