/** The requests to the application, and its limits. */

export interface Service {
  /** Of one request, on average. */
  readonly cpuSeconds: number;
  /** A request that would wait for longer, if all requests took the average, is refused. */
  readonly queueSeconds: number;
  /** Answers that take longer are too slow. */
  readonly sloSeconds: number;
}
