/** What the playground reads of the account's Auto Scaling groups, alarms and networks: plain data, filled by `cloud.ts`. */
import type { Alarm, AlarmState } from "../aws/alarm";
import type { ScalingPolicy, Schedule } from "../aws/auto-scaling/policies";

export interface GroupState {
  readonly name: string;
  readonly arn: string;
  readonly minSize: number;
  readonly maxSize: number;
  readonly desired: number;
  readonly cooldownSeconds: number;
  readonly graceSeconds: number;
  readonly healthCheckType: "EC2" | "ELB";
  /** The group's default warm-up; undefined where it has none. */
  readonly warmUpSeconds: number | undefined;
  /** Percent of the desired capacity; undefined where the group has no instance maintenance policy. */
  readonly maintenance: { readonly minHealthy: number; readonly maxHealthy: number } | undefined;
  /** Ids. */
  readonly subnets: readonly string[];
  /** ARNs. */
  readonly targetGroups: readonly string[];
  /** Processes that are suspended, in AWS's names. */
  readonly suspended: readonly string[];
  readonly template: TemplateState;
  readonly members: readonly MemberState[];
  /** Those that are enabled and understood. */
  readonly policies: readonly PolicyState[];
  readonly schedules: readonly Schedule[];
}

/** What the group launches now. */
export interface TemplateState {
  readonly imageId: string;
  readonly instanceType: string;
  readonly detailedMonitoring: boolean;
}

export interface MemberState {
  readonly id: string;
  readonly privateIp: string;
  readonly zone: string;
  readonly subnetId: string;
  readonly imageId: string;
  /** AWS's: Pending, InService, Terminating, Standby … */
  readonly lifecycle: string;
  readonly health: "Healthy" | "Unhealthy";
  /** EC2's: running, stopped, terminated … */
  readonly state: string;
  readonly tags: Readonly<Record<string, string>>;
}

export type PolicyState = ScalingPolicy & { readonly arn: string };

/** A metric alarm; its `policies` are names, those of `alarmActions` that are ARNs of policies. */
export interface AlarmOfMetric extends Alarm {
  readonly arn: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: AlarmStatistic;
  /** As it was set; undefined where it was not. */
  readonly unit: string | undefined;
  readonly actionsEnabled: boolean;
  /** ARNs, for each state that they are for. */
  readonly actions: Readonly<Record<AlarmState, readonly string[]>>;
  readonly state: AlarmState;
}

export type AlarmStatistic = "Average" | "Sum" | "Minimum" | "Maximum" | "SampleCount" | `p${number}`;

export interface SubnetState {
  readonly id: string;
  readonly zone: string;
  readonly cidr: string;
  /** Whether its way to the internet is an internet gateway. */
  readonly isPublic: boolean;
  /** The NAT gateway that is its way to the internet. */
  readonly natGateway: string | undefined;
}

export interface NatGatewayState {
  readonly id: string;
  readonly subnetId: string;
  /** AWS's: pending, available, deleting … */
  readonly state: string;
}
