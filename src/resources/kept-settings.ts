/** Which setting an attribute comes from: what is kept of the attribute is then the setting as it is. */
import type { Kept } from "../config/kept";
import { isAt } from "../terraform/addresses";

/** A setting with the value that is kept. */
export interface KeptSetting {
  /** Such as `fleet.healthCheckGraceSeconds`. */
  readonly path: string;
  readonly value: unknown;
}

/** Path of the construct, attribute with the way into its blocks, and path of the setting. Most attributes have no setting. */
export const SETTINGS: readonly (readonly [construct: string, attribute: string, setting: string])[] = [
  ["network/vpc", "tags.Name", "names.vpc"],
  ["alb-firewall/security-group", "tags.Name", "names.loadBalancerSecurityGroup"],
  ["app-firewall/security-group", "tags.Name", "names.appSecurityGroup"],
  ["bastion-firewall/security-group", "tags.Name", "names.bastionSecurityGroup"],
  ["load-balancer/load-balancer", "name", "names.loadBalancer"],
  ["load-balancer/load-balancer", "idle_timeout", "loadBalancer.idleTimeoutSeconds"],
  ["load-balancer/target-group", "name", "names.targetGroup"],
  ["load-balancer/target-group", "port", "targetGroup.port"],
  ["load-balancer/target-group", "deregistration_delay", "targetGroup.deregistrationDelaySeconds"],
  ["load-balancer/target-group", "health_check.0.path", "targetGroup.healthCheck.path"],
  ["load-balancer/target-group", "health_check.0.matcher", "targetGroup.healthCheck.matcher"],
  ["load-balancer/target-group", "health_check.0.interval", "targetGroup.healthCheck.intervalSeconds"],
  ["load-balancer/target-group", "health_check.0.timeout", "targetGroup.healthCheck.timeoutSeconds"],
  ["load-balancer/target-group", "health_check.0.healthy_threshold", "targetGroup.healthCheck.healthyThreshold"],
  ["load-balancer/target-group", "health_check.0.unhealthy_threshold", "targetGroup.healthCheck.unhealthyThreshold"],
  ["fleet/launch-template", "name", "names.launchTemplate"],
  ["fleet/launch-template", "image_id", "fleet.amiId"],
  ["fleet/launch-template", "instance_type", "fleet.instanceType"],
  ["fleet/launch-template", "key_name", "fleet.keyPair.name"],
  ["fleet/launch-template", "monitoring.0.enabled", "fleet.detailedMonitoring"],
  ["fleet/launch-template", "metadata_options.0.http_tokens", "fleet.metadataTokens"],
  ["fleet/auto-scaling-group", "name", "names.autoScalingGroup"],
  ["fleet/auto-scaling-group", "min_size", "fleet.minSize"],
  ["fleet/auto-scaling-group", "max_size", "fleet.maxSize"],
  ["fleet/auto-scaling-group", "health_check_grace_period", "fleet.healthCheckGraceSeconds"],
  ["scaling/scale-out", "cooldown", "scaling.out.cooldownSeconds"],
  ["scaling/scale-in", "cooldown", "scaling.in.cooldownSeconds"],
  ["scaling/cpu-out", "alarm_name", "names.highCpuAlarm"],
  ["scaling/cpu-out", "threshold", "scaling.out.thresholdPercent"],
  ["scaling/cpu-out", "evaluation_periods", "scaling.evaluationPeriods"],
  ["scaling/cpu-out", "period", "scaling.periodSeconds"],
  ["scaling/cpu-in", "alarm_name", "names.lowCpuAlarm"],
  ["scaling/cpu-in", "threshold", "scaling.in.thresholdPercent"],
  ["scaling/cpu-in", "evaluation_periods", "scaling.evaluationPeriods"],
  ["scaling/cpu-in", "period", "scaling.periodSeconds"],
  ["bastion/instance", "tags.Name", "names.bastion"],
  ["bastion/instance", "instance_type", "bastion.instanceType"],
  ["bastion/instance", "key_name", "bastion.keyPair.name"],
];

export function keptSettings({ kept }: Kept): KeptSetting[] {
  return SETTINGS.flatMap(([construct, attribute, path]) => {
    const [name = "", ...inside] = attribute.split(".");
    const found = kept.find((each) => each.attribute === name && isAt(each.address, construct));
    const value = inside.reduce<unknown>((part, key) => (part as Record<string, unknown> | null)?.[key], found?.is);
    if (value === undefined || value === null) return [];
    // The provider writes some numbers as text.
    const isNumber = typeof value === "string" && /^\d+$/.test(value) && !path.endsWith("matcher");
    return [{ path, value: isNumber ? Number(value) : value }];
  });
}

/** Settings with what is kept; a section that they leave out stays away. */
export function withKept<Settings extends object>(settings: Settings, kept: readonly KeptSetting[]): Settings {
  return kept.reduce((all, { path, value }) => setAt(all, path.split("."), value) as Settings, settings);
}

function setAt(part: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  if (typeof part !== "object" || part === null) return part;
  return { ...part, [key]: setAt((part as Record<string, unknown>)[key], rest, value) };
}
