import { z } from "zod";
import { networkProblem } from "../../aws/subnets";
import type { Section } from "../section";

const schema = z
  .strictObject({
    cidr: z.string().describe("Block of the VPC, split evenly: one public and one private subnet per zone"),
    zones: z
      .array(z.string())
      .min(2)
      .max(6)
      .describe("Availability zones; the first has the bastion and the single NAT gateway"),
    nat: z
      .enum(["single", "perZone", "none"])
      .describe(
        "How the private subnets reach the internet: one NAT gateway for all, one per zone (survives the loss of a zone), or none",
      ),
  })
  .describe("The VPC, its availability zones, and its NAT gateways");

export const network: Section<typeof schema> = {
  schema,
  rules: [
    {
      reads: ["network.zones", "region"],
      blames: "network.zones",
      problem: ({ network, region }) => {
        const strangers = network.zones.filter((zone) => !new RegExp(`^${region}[a-z]$`).test(zone));
        if (strangers.length > 0) return `must be zones of ${region} (such as ${region}a), not ${strangers.join(", ")}`;
        return new Set(network.zones).size < network.zones.length ? "must be distinct" : undefined;
      },
    },
    {
      reads: ["network.cidr", "network.zones"],
      blames: "network.cidr",
      problem: ({ network }) => networkProblem(network.cidr, network.zones.length),
    },
  ],
  warnings: [
    {
      urgency: "outage",
      text: ({ network }) =>
        network.nat === "single" &&
        `One NAT gateway serves all zones: without ${network.zones[0] ?? "its zone"} no instance reaches the internet. network.nat: "perZone" gives each zone its own.`,
    },
    {
      urgency: "outage",
      text: ({ network }) =>
        network.nat === "none" &&
        'Without a NAT gateway the instances reach only S3: no Session Manager, no package updates. network.nat: "single" gives them a way out.',
    },
  ],
};
