import { z } from "zod";
import { APPLICATION } from "../application";
import type { Section } from "../section";
import { port, seconds } from "../values";

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Matcher.html */
const STATUS = { least: 200, most: 499 };

/** The ranges of a matcher, both ends included; a code is a range of one. */
function rangesOf(matcher: string): [first: number, last: number][] {
  return matcher.split(",").map((part) => {
    const [first = NaN, last = first] = part.split("-").map(Number);
    return [first, last];
  });
}

function isMatcher(text: string): boolean {
  return (
    /^\d{3}((,\d{3})*|-\d{3})$/.test(text) &&
    rangesOf(text).every(([first, last]) => STATUS.least <= first && first <= last && last <= STATUS.most)
  );
}

const accepts = (matcher: string, status: number) =>
  rangesOf(matcher).some(([first, last]) => first <= status && status <= last);

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
        .describe("Path that a healthy server answers as `matcher` says"),
      matcher: z
        .string()
        .refine(
          isMatcher,
          'is not a range or list of status codes from 200 to 499 (such as "200", "200-302" or "200,202")',
        )
        .optional()
        .describe('Status codes of a healthy answer: one, several ("200,202") or a range ("200-302"); left out, 200'),
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
      urgency: "outage",
      text: ({ targetGroup: { port } }) =>
        port !== APPLICATION.port &&
        `The application in webapp/ listens on port ${String(APPLICATION.port)}, and targetGroup.port is ${String(port)}: with it in the image, no server is ever healthy.`,
    },
    {
      urgency: "outage",
      text: ({ targetGroup: { healthCheck } }) => {
        const { path, matcher = "200" } = healthCheck;
        const [asked = ""] = path.split("?");
        const status = APPLICATION.healthPaths.some((known) => known === asked) ? 200 : 404;
        const paths = APPLICATION.healthPaths.join(", ");
        return (
          !accepts(matcher, status) &&
          (status === 200
            ? `The application in webapp/ answers ${path} with 200, which targetGroup.healthCheck.matcher (${matcher}) does not accept: with it in the image, no server is ever healthy.`
            : `The application in webapp/ answers 200 on ${paths}, and not on targetGroup.healthCheck.path (${path}): with it in the image, no server is ever healthy.`)
        );
      },
    },
    {
      urgency: "operation",
      text: ({ targetGroup: { deregistrationDelaySeconds } }) =>
        deregistrationDelaySeconds <= APPLICATION.drainSeconds + APPLICATION.gracefulSeconds &&
        `The load balancer cuts a deregistering server's connections after ${String(deregistrationDelaySeconds)} seconds, and the application may take ${String(APPLICATION.drainSeconds + APPLICATION.gracefulSeconds)} to finish its requests. targetGroup.deregistrationDelaySeconds must be longer.`,
    },
    {
      urgency: "operation",
      text: ({ targetGroup }) =>
        targetGroup.healthCheck.path === "/" &&
        "The health check asks for the front page: whatever breaks or slows that page takes servers out of service. Set targetGroup.healthCheck.path to a path of its own, such as /healthz.",
    },
  ],
};
