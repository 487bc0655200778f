/** Scaling in an account: the group's bounds, policies with their alarms, schedules, and warm pool. */
import {
  DescribePoliciesCommand,
  DescribeScheduledActionsCommand,
  type ScalingPolicy,
} from "@aws-sdk/client-auto-scaling";
import { DescribeAlarmsCommand, ListTagsForResourceCommand } from "@aws-sdk/client-cloudwatch";
import { nameIn } from "../aws/names";
import { scheduledActionName } from "../aws/scheduled-action";
import { boundsOf } from "../config/sections/schedules";
import type { Settings } from "../config/schema";
import { fact, type Fact } from "../verify/fact";
import { groupOf } from "./fleet";
import type { Account, Part } from "./part";
import type { Observed } from "./tables";

async function observe(account: Account) {
  const { clients, environment, settings } = account;
  const { AutoScalingGroupName } = (await groupOf(account)) ?? {};
  const ofGroup = { AutoScalingGroupName };
  const { highCpuAlarm, lowCpuAlarm } = settings.names;
  const AlarmNames = [highCpuAlarm, lowCpuAlarm].map((documented) => nameIn(environment, documented));
  const exists = AutoScalingGroupName !== undefined;
  const { scaling: client } = clients;
  return {
    policies: exists ? ((await client.send(new DescribePoliciesCommand(ofGroup))).ScalingPolicies ?? []) : [],
    schedules: exists
      ? ((await client.send(new DescribeScheduledActionsCommand(ofGroup))).ScheduledUpdateGroupActions ?? [])
      : [],
    alarms: (await clients.alarms.send(new DescribeAlarmsCommand({ AlarmNames }))).MetricAlarms ?? [],
  };
}

export const scaling: Part<Awaited<ReturnType<typeof observe>>> = {
  types: {
    aws_autoscaling_policy: {
      async find({ scaling: client }, { needed }) {
        const group = needed("autoscaling_group_name");
        const asked = new DescribePoliciesCommand({ AutoScalingGroupName: group, PolicyNames: [needed("name")] });
        return ((await client.send(asked)).ScalingPolicies ?? []).map(({ PolicyName = "" }) => ({
          id: `${group}/${PolicyName}`,
        }));
      },
    },
    aws_autoscaling_schedule: {
      async find({ scaling: client }, { needed }) {
        const AutoScalingGroupName = needed("autoscaling_group_name");
        const ScheduledActionNames = [needed("scheduled_action_name")];
        const asked = new DescribeScheduledActionsCommand({ AutoScalingGroupName, ScheduledActionNames });
        return ((await client.send(asked)).ScheduledUpdateGroupActions ?? []).map(({ ScheduledActionName = "" }) => ({
          id: `${AutoScalingGroupName}/${ScheduledActionName}`,
        }));
      },
    },
    aws_cloudwatch_metric_alarm: {
      async find({ alarms }, { needed }) {
        const asked = new DescribeAlarmsCommand({ AlarmNames: [needed("alarm_name")] });
        const { MetricAlarms = [] } = await alarms.send(asked);
        return Promise.all(
          MetricAlarms.map(async ({ AlarmName: id, AlarmArn: ResourceARN }) => ({
            id,
            tags: (await alarms.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags ?? [],
          })),
        );
      },
    },
  },

  observe,
  facts,
};

/** Of whichever kind the scaling is. */
function facts(environment: string, settings: Settings, seen: Observed): Fact[] {
  const { scaling } = settings;
  const policies =
    scaling.kind === "targetTracking"
      ? [
          fact(
            "target tracking",
            `ASGAverageCPUUtilization at ${String(scaling.targetPercent)} %, scale in ${scaling.disableScaleIn ? "off" : "on"}`,
            seen.policies.map(targetOf),
          ),
          fact("alarms of another kind of scaling", 0, seen.alarms.length),
        ]
      : (["out", "in"] as const).map((direction) => alarmFact(environment, settings, scaling, direction, seen));
  const warmUp =
    scaling.kind === "simple"
      ? []
      : [
          fact(
            "warm-up of a new server",
            `${String(scaling.warmUpSeconds)} s`,
            `${String(seen.group?.DefaultInstanceWarmup)} s`,
          ),
        ];
  return [
    ...sizeFacts(settings, seen),
    ...policies,
    ...warmUp,
    ...scheduleFacts(scaling, seen),
    warmPoolFact(settings, seen),
  ];
}

function sizeFacts(settings: Settings, { group }: Observed): Fact[] {
  const { minSizes, maxSizes } = boundsOf(settings);
  const oneOf = (allowed: readonly number[], actual: number | undefined) =>
    actual !== undefined && allowed.includes(actual) ? actual : allowed.join(" or ");
  const size = group?.DesiredCapacity ?? -1;
  return [
    fact(
      "bounds of the group's size",
      [oneOf(minSizes, group?.MinSize), oneOf(maxSizes, group?.MaxSize)],
      [group?.MinSize, group?.MaxSize],
    ),
    fact("size within its bounds", true, size >= Math.min(...minSizes) && size <= Math.max(...maxSizes)),
  ];
}

function alarmFact(
  environment: string,
  { names }: Settings,
  scaling: Exclude<Settings["scaling"], { kind: "targetTracking" }>,
  direction: "out" | "in",
  seen: Observed,
): Fact {
  const name = (documented: string) => nameIn(environment, documented);
  const [alarmName, operator, sign] =
    direction === "out"
      ? ([name(names.highCpuAlarm), "GreaterThanThreshold", 1] as const)
      : ([name(names.lowCpuAlarm), "LessThanThreshold", -1] as const);
  const { thresholdPercent } = scaling[direction];
  const change =
    scaling.kind === "simple"
      ? String(sign * scaling[direction].instances)
      : scaling[direction].steps
          .map(({ beyondPercent, instances }) => `${String(sign * instances)} from ${String(beyondPercent)}`)
          .join(", ");
  const alarm = seen.alarms.find(({ AlarmName }) => AlarmName === alarmName);
  const policy = seen.policies.find(({ PolicyARN = "" }) => alarm?.AlarmActions?.includes(PolicyARN));
  return fact(
    `alarm ${alarmName}`,
    `AWS/EC2 CPUUtilization Average of ${name(names.autoScalingGroup)} ${operator} ${String(thresholdPercent)}, ${String(scaling.evaluationPeriods)} x ${String(scaling.periodSeconds)} s → ${change}`,
    `${String(alarm?.Namespace)} ${String(alarm?.MetricName)} ${String(alarm?.Statistic)} of ${String(alarm?.Dimensions?.[0]?.Value)} ${String(alarm?.ComparisonOperator)} ${String(alarm?.Threshold)}, ` +
      `${String(alarm?.EvaluationPeriods)} x ${String(alarm?.Period)} s → ${changeOf(policy)}`,
    `scaling/cpu-${direction}`,
  );
}

/** A step begins at its bound that is nearer to the threshold. */
function changeOf(policy: ScalingPolicy | undefined): string {
  if (policy?.PolicyType !== "StepScaling") return String(policy?.ScalingAdjustment);
  return (policy.StepAdjustments ?? [])
    .map(({ ScalingAdjustment = 0, MetricIntervalLowerBound: lower, MetricIntervalUpperBound: upper }) => ({
      change: ScalingAdjustment,
      begins: Math.abs((ScalingAdjustment > 0 ? lower : upper) ?? NaN),
    }))
    .sort((a, b) => a.begins - b.begins)
    .map(({ change, begins }) => `${String(change)} from ${String(begins)}`)
    .join(", ");
}

function targetOf({ TargetTrackingConfiguration: target, PolicyName }: ScalingPolicy): string {
  if (target === undefined) return `${String(PolicyName)} without a target`;
  const metric = String(target.PredefinedMetricSpecification?.PredefinedMetricType);
  return `${metric} at ${String(target.TargetValue)} %, scale in ${target.DisableScaleIn ? "off" : "on"}`;
}

function scheduleFacts(scaling: Settings["scaling"], { schedules }: Observed): Fact[] {
  const kept = (size: number | undefined) => (size === undefined ? "as it is" : String(size));
  const wanted = Object.entries(scaling.schedules ?? {}).map(([name, each]) => {
    const inAws = scheduledActionName(name, each);
    const seen = schedules.find(({ ScheduledActionName }) => ScheduledActionName === inAws);
    return fact(
      `schedule ${name}`,
      `${each.recurrence} ${each.timeZone}, min ${kept(each.minSize)}, max ${kept(each.maxSize)}, size ${kept(each.desiredCapacity)}`,
      `${String(seen?.Recurrence)} ${String(seen?.TimeZone)}, min ${kept(seen?.MinSize)}, max ${kept(seen?.MaxSize)}, size ${kept(seen?.DesiredCapacity)}`,
    );
  });
  return [...wanted, fact("schedules", wanted.length, schedules.length)];
}

function warmPoolFact({ fleet: { warmPool } }: Settings, { group }: Observed): Fact {
  const seen = group?.WarmPoolConfiguration;
  const pool = (state: unknown, least: unknown, most: number | undefined, reuse: unknown) =>
    `${String(state)}, ${String(least)} or more, prepared ${String(most ?? -1)}, reuse ${String(reuse)}`;
  return fact(
    "warm pool",
    warmPool
      ? pool(warmPool.state, warmPool.minSize, warmPool.maxGroupPreparedCapacity, warmPool.reuseOnScaleIn)
      : "none",
    seen
      ? pool(seen.PoolState, seen.MinSize, seen.MaxGroupPreparedCapacity, seen.InstanceReusePolicy?.ReuseOnScaleIn)
      : "none",
  );
}
