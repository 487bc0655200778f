/** Values that AWS does not document or that depend on the application; each has a default and can be changed. */
export interface Parameters {
  /** From the launch to InService; 30 to 90 for an image with everything baked in. */
  readonly bootSeconds: number;
  /** From InService to the application's first answer. */
  readonly appStartSeconds: number;
  /** The same two together, of an instance from the warm pool. */
  readonly warmStartSeconds: number;
  /** From a sample of the CPU until an alarm can see it. */
  readonly publicationDelaySeconds: number;
  /** AWS documents that on Nitro a five-minute value exists after its first minute and is then updated. Observed alarms (after ten minutes and more) suggest that they do not use it. */
  readonly partialDatapoints: boolean;
  /** From when a target is unhealthy until the group notices. */
  readonly pollSeconds: number;
  /** The longest request: a deregistering instance is terminated when its requests are answered. */
  readonly requestSeconds: number;
  /** The wait of target tracking and step policies between two removals. */
  readonly scaleInPauseSeconds: number;
  /** Credits of the instances that exist at the beginning. */
  readonly initialCredits: number;
  /** When an instance fails. */
  readonly failures: readonly number[];
}

export const DEFAULTS: Parameters = {
  bootSeconds: 60,
  appStartSeconds: 20,
  warmStartSeconds: 20,
  publicationDelaySeconds: 60,
  partialDatapoints: false,
  pollSeconds: 60,
  requestSeconds: 1,
  scaleInPauseSeconds: 300,
  initialCredits: 0,
  failures: [],
};
