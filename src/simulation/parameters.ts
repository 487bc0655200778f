/** What AWS does not tell, or what differs from application to application: named, with a default, and changeable. */
export interface Parameters {
  /** From the launch to InService; 30 to 90 for an image with everything baked in. */
  readonly bootSeconds: number;
  /** From InService to the application's first answer. */
  readonly appStartSeconds: number;
  /** The same two together, of an instance from the warm pool. */
  readonly warmStartSeconds: number;
  /** From a sample of the CPU to when an alarm can see it. */
  readonly publicationDelaySeconds: number;
  /** AWS says that on Nitro a five-minute value is there after its first minute, and then updated. What is seen of alarms (ten minutes and more) speaks against their using it. */
  readonly partialDatapoints: boolean;
  /** From when a target is unhealthy to when the group notices. */
  readonly pollSeconds: number;
  /** The longest request: a leaving instance goes when it has answered. */
  readonly requestSeconds: number;
  /** What target tracking and step policies wait after removing before they remove again. */
  readonly scaleInPauseSeconds: number;
  /** Credits of the instances that are there at the beginning. */
  readonly initialCredits: number;
  /** When an instance breaks. */
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
