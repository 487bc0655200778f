/** The response time and the limits of the application. */

export interface Service {
  /** Of one request. */
  readonly cpuSeconds: number;
  /** A request that would wait for longer is refused. */
  readonly queueSeconds: number;
  /** Answers that take longer are too slow. */
  readonly sloSeconds: number;
}

/**
 * Mean time to an answer at an instance: Sakasegawa's approximation of M/M/c, one queue before the cores of an instance.
 * Infinity where the load uses all of the instance.
 *
 * @param utilization 0 to 1
 */
export function latencySeconds(utilization: number, vcpus: number, { cpuSeconds }: Service): number {
  if (utilization >= 1) return Infinity;
  const waiting = utilization ** (Math.sqrt(2 * (vcpus + 1)) - 1) / (vcpus * (1 - utilization));
  return cpuSeconds * (1 + waiting);
}
