/** What a deployed Auto Scaling group's settings are for the group that is played. */
import type { GroupSettings } from "../aws/auto-scaling/group";
import type { MetricOptions } from "../aws/metric";
import type { Scaling } from "./control";
import type { GroupState } from "./group-state";

/** From a target's being unhealthy until its group notices, and from a sample until an alarm sees it: as the simulation has them. */
const POLL_SECONDS = 60;
const PUBLICATION_DELAY_SECONDS = 60;

export const settingsOf = ({
  graceSeconds,
  maintenance,
  healthCheckType,
  suspended,
  warmUpSeconds,
  subnets,
}: GroupState): GroupSettings => ({
  zones: subnets.length,
  graceSeconds,
  launchFirst: (maintenance?.minHealthy ?? 0) >= 100,
  replacesUnhealthy:
    healthCheckType === "ELB" && !suspended.includes("HealthCheck") && !suspended.includes("ReplaceUnhealthy"),
  rebalances: !suspended.includes("AZRebalance"),
  warmUpSeconds: warmUpSeconds ?? 0,
  pollSeconds: POLL_SECONDS,
});

export const scalingOf = ({ minSize, maxSize, desired, policies, schedules, suspended }: GroupState): Scaling => ({
  capacity: { minSize, maxSize, desired },
  policies: suspended.includes("AlarmNotification") ? [] : policies,
  schedules: suspended.includes("ScheduledActions") ? [] : schedules,
});

export const metricOf = ({ template }: GroupState): MetricOptions => ({
  resolutionSeconds: template.detailedMonitoring ? 60 : 300,
  delaySeconds: PUBLICATION_DELAY_SECONDS,
  partial: false,
});
