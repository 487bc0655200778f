/** Values that AWS does not document or that depend on the application; each has a default and can be changed. */
export interface Parameters {
  /** From the launch to the application's first answer: `fleet.startupSeconds` of the environment's settings. */
  readonly startupSeconds: number;
  /** Of it, from the launch to InService; 30 to 90 for an image with everything baked in. */
  readonly bootSeconds: number;
  /** The same of an instance that waits stopped in the warm pool; one that waits running takes no time. */
  readonly warmStartSeconds: number;
  /** From a sample of the CPU until an alarm can see it. */
  readonly publicationDelaySeconds: number;
  /** AWS documents that on Nitro a five-minute value exists after its first minute and is then updated. Observed alarms (after ten minutes and more) suggest that they do not use it. */
  readonly partialDatapoints: boolean;
  /** From when a target is unhealthy until the group notices. */
  readonly pollSeconds: number;
  /** The longest request: a deregistering instance is terminated when its requests are answered. */
  readonly requestSeconds: number;
  /** Target tracking removes "more gradually" than it adds, AWS documents, and not how: the wait between two removals. */
  readonly scaleInPauseSeconds: number;
  /** The most that target tracking removes at a time, in percent of the group's size, and at least one. */
  readonly scaleInPercent: number;
  /** How often a client tries again, whose request is refused or answered with an error. */
  readonly retries: number;
  /** From a refused request until a client's first retry; each later one waits twice as long. */
  readonly retryAfterSeconds: number;
  /** Credits of the instances that exist at the beginning. */
  readonly initialCredits: number;
  /** When the application of an instance fails; once for each instance. */
  readonly failures: readonly number[];
}

export const DEFAULTS: Parameters = {
  startupSeconds: 120,
  bootSeconds: 60,
  warmStartSeconds: 20,
  publicationDelaySeconds: 60,
  partialDatapoints: false,
  pollSeconds: 60,
  requestSeconds: 1,
  scaleInPauseSeconds: 300,
  scaleInPercent: 10,
  retries: 0,
  retryAfterSeconds: 1,
  initialCredits: 0,
  failures: [],
};
