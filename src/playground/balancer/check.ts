/** One health check: a connection of its own, as the load balancer's. */
import { get } from "node:http";
import type { HealthCheckState } from "../cloud-state";
import type { CheckResult } from "./health";

/** Below that a server on a busy machine would be found unhealthy. */
const LEAST_TIMEOUT_SECONDS = 1;

/**
 * How long an answer may take, in real seconds: what AWS's timeout says, but no longer than the interval, since the clock may run faster
 * than the application.
 */
export const timeoutOf = ({ timeoutSeconds, intervalSeconds }: HealthCheckState, speed: number): number =>
  Math.min(timeoutSeconds, Math.max(LEAST_TIMEOUT_SECONDS, intervalSeconds / speed));

/** Never rejects. @param address undefined where nothing listens */
export function check(address: string | undefined, settings: HealthCheckState, speed: number): Promise<CheckResult> {
  if (address === undefined) return Promise.resolve({ failure: "error" });
  const { hostname, port } = new URL(address);
  return new Promise((resolve) => {
    const request = get({
      hostname,
      port,
      path: settings.path,
      agent: false,
      headers: { "user-agent": "ELB-HealthChecker/2.0", connection: "close" },
    });
    const done = (result: CheckResult) => {
      clearTimeout(late);
      request.destroy();
      resolve(result);
    };
    const late = setTimeout(() => done({ failure: "timeout" }), timeoutOf(settings, speed) * 1000);
    request.once("response", (response) => {
      response.resume().once("end", () => done({ status: response.statusCode ?? 0 }));
    });
    request.on("error", () => done({ failure: "error" }));
  });
}
