/** Whether the instance metadata is read with a token only. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html */
import { z } from "zod";
import type { Settings } from "../schema";
import type { Warning } from "../section";

export const metadataTokens = z
  .union(
    [
      z.literal("required"),
      z.strictObject({
        optional: z.string().min(10).describe("Why the application reads it without one, in 10 or more characters"),
      }),
    ],
    'must be "required" or { optional: "the reason, in 10 or more characters" }',
  )
  .optional()
  .describe(
    'Instance metadata only with a token (IMDSv2): `"required"`, or `{ optional: "the reason" }` for an application that reads it without one; left out, required',
  );

/** In AWS's words. */
export const tokensOf = (setting: Settings["fleet"]["metadataTokens"]): "required" | "optional" =>
  setting === undefined || setting === "required" ? "required" : "optional";

export const metadataTokensWarning: Warning = {
  urgency: "accepted",
  text: ({ fleet: { metadataTokens: setting } }) =>
    typeof setting === "object" &&
    `The instance metadata, and with it the servers' role, can be read without a token: ${setting.optional}. fleet.metadataTokens: "required" prevents it.`,
};
