/** The names of the reference deployment. A later section defines its own names, with defaults. */
import { z } from "zod";
import type { Section } from "../section";

const schema = z
  .strictObject({
    style: z
      .enum(["fixed", "prefix"])
      .describe(
        "`fixed`: target group and security groups have exactly these names; a change that replaces one then fails while it is in use. " +
          "`prefix`: AWS appends a suffix, so the replacement is created before the old one is deleted",
      ),
    vpc: z.string().describe("Name of the VPC, and the beginning of the names in it"),
    loadBalancerSecurityGroup: z.string().describe("Security group of the load balancer"),
    appSecurityGroup: z.string().describe("Security group of the application servers"),
    bastionSecurityGroup: z.string().describe("Security group of the bastion"),
    loadBalancer: z.string().describe("Load balancer"),
    targetGroup: z.string().describe("Target group"),
    launchTemplate: z.string().describe("Launch template"),
    autoScalingGroup: z.string().describe("Auto Scaling group, and its instances"),
    highCpuAlarm: z.string().describe("Alarm that adds instances"),
    lowCpuAlarm: z.string().describe("Alarm that removes instances"),
    instanceRole: z.string().describe("Role and instance profile of the application servers"),
    bastion: z.string().describe("Bastion, its role and instance profile"),
  })
  .describe("Names in AWS; every environment but production puts its own name in front");

export const names: Section<typeof schema> = {
  schema,
  names: [
    { key: "vpc", kind: "vpc" },
    { key: "loadBalancerSecurityGroup", kind: "securityGroup" },
    { key: "appSecurityGroup", kind: "securityGroup" },
    { key: "bastionSecurityGroup", kind: "securityGroup" },
    { key: "loadBalancer", kind: "loadBalancer" },
    { key: "targetGroup", kind: "targetGroup" },
    { key: "launchTemplate", kind: "launchTemplate" },
    { key: "autoScalingGroup", kind: "autoScalingGroup" },
    { key: "highCpuAlarm", kind: "alarm" },
    { key: "lowCpuAlarm", kind: "alarm" },
    { key: "instanceRole", kind: "role" },
    { key: "bastion", kind: "role" },
  ],
  rules: [
    {
      reads: ["fleet.keyPair", "bastion.keyPair"],
      blames: "bastion.keyPair.name",
      problem: ({ fleet, bastion }) =>
        fleet.keyPair?.name === bastion?.keyPair?.name && (fleet.keyPair?.publicKey ?? bastion?.keyPair?.publicKey)
          ? "is fleet.keyPair.name, too, and a key pair with a public key is created: give it another name"
          : undefined,
    },
  ],
  warnings: [
    {
      urgency: "operation",
      text: ({ names }) =>
        names.style === "fixed" &&
        'Fixed names: a change that replaces the target group or a security group fails while it is in use. names.style: "prefix" creates the new one before the old one is deleted.',
    },
  ],
};
