import { z } from "zod";
import type { Section } from "../section";
import { port, seconds } from "../values";

const schema = z
  .strictObject({
    port: port.describe("Port of the application on the instances"),
    deregistrationDelaySeconds: seconds(0, 3600).describe(
      "Time that a deregistering server has to finish its requests",
    ),
    healthCheck: z.strictObject({
      path: z
        .string()
        .regex(/^\/[\x21-\x7e]{0,1023}$/, "is not a path (such as /healthz)")
        .describe("Path that answers 200 on a healthy server"),
      intervalSeconds: seconds(5, 300).describe("Time between two checks"),
      timeoutSeconds: seconds(2, 120).describe("Longest time that an answer may take; below the interval"),
      healthyThreshold: z
        .int()
        .min(2)
        .max(10)
        .describe("Passed checks in a row that make an unhealthy instance healthy"),
      unhealthyThreshold: z.int().min(2).max(10).describe("Failed checks in a row that make it unhealthy"),
    }),
  })
  .describe("How the load balancer reaches the servers, and when it considers one healthy");

export const targetGroup: Section<typeof schema> = {
  schema,
  rules: [
    {
      reads: ["targetGroup.healthCheck.timeoutSeconds", "targetGroup.healthCheck.intervalSeconds"],
      blames: "targetGroup.healthCheck.timeoutSeconds",
      problem: ({ targetGroup: { healthCheck } }) =>
        healthCheck.timeoutSeconds < healthCheck.intervalSeconds
          ? undefined
          : `must be below the interval of ${String(healthCheck.intervalSeconds)} seconds`,
    },
  ],
  warnings: [
    {
      urgency: "operation",
      text: ({ targetGroup }) =>
        targetGroup.healthCheck.path === "/" &&
        "The health check asks for the front page: whatever breaks or slows that page takes servers out of service. Set targetGroup.healthCheck.path to a path of its own, such as /healthz.",
    },
  ],
};
