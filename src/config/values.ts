/** Kinds of values that several sections have. */
import { z } from "zod";
import { publicKeyProblem } from "../aws/public-key";

const RESERVED_PREFIXES = ["xn--", "sthree-", "amzn-s3-demo-"];
const RESERVED_SUFFIXES = ["-s3alias", "--ol-s3", "--x-s3", "--table-s3", "-an"];

export const port = z.int().min(1).max(65535);

export const seconds = (min: number, max: number) => z.int().min(min).max(max);

/** A size of an Auto Scaling group. */
export const size = z.int().min(0).max(1000);

export const instanceType = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]*\.(nano|micro|small|medium|large|(\d{1,3})?xlarge|metal(-\d{1,3}xl)?)$/,
    "is not an instance type (such as t3.micro)",
  );

export const rootVolumeGib = z
  .int()
  .min(1)
  .max(16384)
  .describe("Encrypted gp3; at least the size of the image's snapshot");

export const keyPair = z
  .strictObject({
    name: z
      .string()
      .regex(/^[\x21-\x7e]([\x20-\x7e]{0,253}[\x21-\x7e])?$/, "is not a key pair name (1 to 255 ASCII characters)")
      .describe("Name of a key pair that exists in the region, or of the one to create"),
    publicKey: z
      .string()
      .superRefine((key, context) => {
        const message = publicKeyProblem(key);
        if (message !== undefined) context.addIssue({ code: "custom", message });
      })
      .optional()
      .describe(
        "If set, the stack creates the key pair, its name prefixed with the environment's; the private key stays with you",
      ),
  })
  .optional()
  .describe("Leave out for no SSH key: Session Manager only");

/**
 * A name without dots, which certificates for `BUCKET.s3.amazonaws.com` do not cover, and without what S3 keeps for itself.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export const bucketName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
    "is not a bucket name (3 to 63 lower-case letters, digits and inner hyphens)",
  )
  .refine(
    (name) => !RESERVED_PREFIXES.some((prefix) => name.startsWith(prefix)),
    `begins with what S3 reserves (${RESERVED_PREFIXES.join(", ")})`,
  )
  .refine(
    (name) => !RESERVED_SUFFIXES.some((suffix) => name.endsWith(suffix)),
    `ends with what S3 reserves (${RESERVED_SUFFIXES.join(", ")})`,
  );

/** A safety feature that is on, or off for a reason that is written down (and printed at each synth). */
export const safeguard = z.union(
  [z.literal("on"), z.strictObject({ off: z.string().min(10).describe("Why it is off, in 10 or more characters") })],
  'must be "on" or { off: "the reason, in 10 or more characters" }',
);
