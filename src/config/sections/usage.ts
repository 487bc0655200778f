import { z } from "zod";
import type { Section } from "../section";

const quantity = z.number().min(0).max(1e9);

const schema = z
  .strictObject({
    servers: quantity.describe("Application servers on average; between `fleet.minSize` and `fleet.maxSize`"),
    cpuPercent: quantity
      .max(100)
      .describe("Average CPU of the servers: AWS bills an `unlimited` burstable type for the CPU above its baseline"),
    gbOut: quantity.describe(
      "Data to the internet: from the load balancer, and the part of `gbThroughNat` that leaves AWS",
    ),
    gbThroughNat: quantity.describe("Data through NAT gateways, both ways"),
    loadBalancerCapacityUnits: quantity.describe("Load balancer capacity units (LCU) on average"),
    millionRequests: quantity.describe("Millions of requests to the load balancer, which its access logs record"),
  })
  .describe("Assumed usage in a month, for `npm run cost`; nothing that is deployed depends on it");

export const usage: Section<typeof schema> = { schema };
