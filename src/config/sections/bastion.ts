import { z } from "zod";
import { parseNetwork } from "../../aws/subnets";
import type { Section } from "../section";
import { instanceType, keyPair, rootVolumeGib } from "../values";

const sshSource = z
  .string()
  .refine((cidr) => parseNetwork(cidr) !== undefined, "is not an IPv4 network (such as 203.0.113.7/32)");

const schema = z
  .strictObject({
    instanceType: instanceType.describe("EC2 instance type of the bastion"),
    keyPair,
    rootVolumeGib: rootVolumeGib.min(8).describe("Encrypted gp3; Amazon Linux 2023's image has 8 GiB"),
    sshSources: z
      .array(sshSource)
      .refine((sources) => new Set(sources).size === sources.length, "must be distinct")
      .describe("Networks that may open SSH connections; empty for Session Manager only"),
  })
  .optional()
  .describe("An instance through which operators reach the servers; leave out for none");

export const bastion: Section<typeof schema> = {
  schema,
  warnings: [
    {
      urgency: "exposure",
      text: ({ bastion }) =>
        (bastion?.sshSources.some((source) => parseNetwork(source)?.subnetMask === 0) ?? false) &&
        "The bastion's SSH port is open to the whole internet. Name your own networks in bastion.sshSources, or leave it empty and use Session Manager.",
    },
  ],
};
