import { z } from "zod";
import { isInternet } from "../../aws/internet";
import { parseIpv6Network, parseNetwork } from "../../aws/subnets";
import type { Section } from "../section";
import { instanceType, keyPair, rootVolumeGib } from "../values";

const sshSource = z
  .string()
  .refine(
    (cidr) => (parseNetwork(cidr) ?? parseIpv6Network(cidr)) !== undefined,
    "is not a network (such as 203.0.113.7/32 or 2001:db8::/32)",
  );

/** Unless the quota has been raised; IPv4 and IPv6 are counted apart: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html */
const MAX_RULES = 60;

const isIpv6 = (source: string) => source.includes(":");

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
        (bastion?.sshSources.some(isInternet) ?? false) &&
        "The bastion's SSH port is open to the whole internet. Name your own networks in bastion.sshSources, or leave it empty and use Session Manager.",
    },
    {
      urgency: "operation",
      text: ({ bastion }) => {
        const ipv6 = bastion?.sshSources.filter(isIpv6).length ?? 0;
        const most = Math.max(ipv6, (bastion?.sshSources.length ?? 0) - ipv6);
        return (
          most > MAX_RULES &&
          `bastion.sshSources needs ${String(most)} rules in one security group, and AWS takes ${String(MAX_RULES)} unless the quota "Inbound or outbound rules per security group" has been raised: name fewer, larger networks.`
        );
      },
    },
    {
      urgency: "limit",
      text: ({ bastion }) =>
        (bastion?.sshSources.some(isIpv6) ?? false) &&
        "The VPC has no IPv6 addresses, so nobody reaches the bastion from the IPv6 networks of bastion.sshSources until you give it some.",
    },
  ],
};
