import { z } from "zod";
import type { Section } from "../section";

const quantity = z.number().min(0).max(1e9);

const schema = z
  .strictObject({
    servers: quantity.describe("Application servers on average; between `fleet.minSize` and `fleet.maxSize`"),
    cpuPercent: quantity
      .max(100)
      .describe("Their CPU on average: an `unlimited` burstable type pays for what is above its baseline"),
    gbOut: quantity.describe("Data to the internet: from the load balancer, and the part of the next that leaves AWS"),
    gbThroughNat: quantity.describe("Data through NAT gateways, both ways"),
    loadBalancerCapacityUnits: quantity.describe("Load balancer capacity units (LCU) on average"),
    millionRequests: quantity.describe("Millions of requests to the load balancer, which its access logs record"),
  })
  .describe("What a month is assumed to see, for `npm run cost`; nothing that is deployed depends on it");

export const usage: Section<typeof schema> = { schema };
