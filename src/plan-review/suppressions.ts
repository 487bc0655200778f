/** Findings that are accepted, each with a reason and a last day. */
import { z } from "zod";

const suppression = z.strictObject({
  /** Id of the policy. */
  id: z.string().min(1),
  /** Address of the resource. */
  address: z.string().min(1),
  reason: z.string().min(10),
  /** The last day on which it applies, such as `2026-12-31`. */
  expires: z.iso.date(),
});

export type Suppression = z.infer<typeof suppression>;

/** An accepted finding: by a suppression, or, without a last day, by the settings. */
export type Accepted = Omit<Suppression, "expires"> & { readonly expires?: string };

/** @throws ZodError if an entry lacks a key or has an unknown one */
export function suppressionsOf(json: unknown): Suppression[] {
  return z.array(suppression).parse(json);
}
