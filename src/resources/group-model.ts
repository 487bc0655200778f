/** The simulation's model of the Auto Scaling group. */
import type { Schedule } from "../aws/auto-scaling/policies";
import { processorOf } from "../aws/instance-types";
import type { PriceBooks } from "../cost/bill";
import { Problem } from "../machine/problem";
import type { InstanceType, Model, WaitingServers } from "../simulation/model";
import type { Resource, Stack } from "../terraform/stack";
import { blocks, count, isTrue, numberIn, section, type Values } from "../terraform/values";
import { templateOf } from "./group";
import { pricesOf } from "./group-prices";
import { needed, orElse, textOr } from "./model-values";
import { scalingOf } from "./policy-model";

/** AWS's default, of the group and of its simple policies: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-scaling-cooldowns.html */
const DEFAULT_COOLDOWN_SECONDS = 300;

/**
 * The processes that may be suspended: those whose suspension is simulated, and those that the simulation never runs.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html
 */
const SUSPENDED = [
  "AlarmNotification",
  "ScheduledActions",
  "HealthCheck",
  "ReplaceUnhealthy",
  "AZRebalance",
  "InstanceRefresh",
];

/**
 * Reads the group from the JSON that is deployed, or from a plan.
 *
 * @param books with the prices of its instances
 * @throws Problem with a line for everything that would scale the group and cannot be simulated
 */
export function readModel(stack: Stack, books: PriceBooks): Model {
  const found = only(stack, "aws_autoscaling_group");
  const { values: group, region } = found;
  const { values: targets } = only(stack, "aws_lb_target_group");
  const template = templateOf(group, stack.of("aws_launch_template"));
  if (template === undefined) throw new Problem("The simulation needs the launch template of the Auto Scaling group");
  const check = section(targets, "health_check");
  const warmUpSeconds = orElse(group, "default_instance_warmup", 0);
  const suspended = new Set((group["suspended_processes"] ?? []) as readonly string[]);
  const warmPool = waitingServers(group);
  const scaling = scalingOf(stack, found, {
    suspended,
    warmUpSeconds: warmUpSeconds || undefined,
    cooldownSeconds: orElse(group, "default_cooldown", DEFAULT_COOLDOWN_SECONDS),
  });
  const schedules = suspended.has("ScheduledActions") ? [] : stack.of("aws_autoscaling_schedule");
  const problems = [...groupProblems(group, suspended), ...schedules.flatMap(scheduleProblems), ...scaling.problems];
  if (problems.length > 0) throw new Problem(problems.join("\n"));
  const minSize = needed(group, "min_size");
  const detailed = isTrue(section(template, "monitoring")["enabled"]);
  const { prices, unpriced } = pricesOf(stack, group, template, books(region));
  return {
    name: String(group["name"]),
    minSize,
    maxSize: needed(group, "max_size"),
    desired: orElse(group, "desired_capacity", minSize),
    zones: Math.max(1, (count(group, "vpc_zone_identifier") ?? 0) || (count(group, "availability_zones") ?? 1)),
    graceSeconds: orElse(group, "health_check_grace_period", 300),
    launchFirst: orElse(section(group, "instance_maintenance_policy"), "min_healthy_percentage", 0) >= 100,
    replacesUnhealthy:
      group["health_check_type"] === "ELB" && !suspended.has("HealthCheck") && !suspended.has("ReplaceUnhealthy"),
    rebalances: !suspended.has("AZRebalance"),
    warmUpSeconds,
    ...(warmPool && { warmPool }),
    instance: {
      ...instanceOf(String(template["instance_type"])),
      credits: section(template, "credit_specification")["cpu_credits"] === "standard" ? "standard" : "unlimited",
      detailed,
    },
    prices,
    // The provider's defaults.
    healthCheck: {
      intervalSeconds: orElse(check, "interval", 30),
      healthyThreshold: orElse(check, "healthy_threshold", 3),
      unhealthyThreshold: orElse(check, "unhealthy_threshold", 3),
    },
    deregistrationSeconds: orElse(targets, "deregistration_delay", 300),
    alarms: scaling.alarms,
    policies: scaling.policies,
    schedules: schedules.map(scheduleOf).sort((one, other) => one.name.localeCompare(other.name)),
    notes: [...notesOf(group, targets, suspended, stack), ...scaling.notes, ...unpriced],
  };
}

function only(stack: Stack, type: string): Resource {
  const [found, ...more] = stack.of(type);
  if (found === undefined || more.length > 0)
    throw new Problem(`The simulation needs exactly one ${type}, and the stack has ${String(stack.of(type).length)}`);
  return found;
}

/** What changes the sizes or the metric in a way that is not simulated. */
function groupProblems(group: Values, suspended: ReadonlySet<string>): string[] {
  const name = String(group["name"]);
  return [
    ...[...suspended]
      .filter((process) => !SUSPENDED.includes(process))
      .map((process) => `${name}: a group whose process ${process} is suspended cannot be simulated`),
    ...(blocks(group, "mixed_instances_policy").length > 0
      ? [`${name}: a group of several instance types (mixed_instances_policy) cannot be simulated`]
      : []),
    ...(isTrue(group["protect_from_scale_in"])
      ? [`${name}: a group whose instances are protected from scale-in cannot be simulated`]
      : []),
  ];
}

/** What makes a difference only to details. */
function notesOf(group: Values, targets: Values, suspended: ReadonlySet<string>, stack: Stack): string[] {
  const check = section(targets, "health_check");
  const ignored: readonly (readonly [boolean, string])[] = [
    [suspended.size > 0, `the suspended processes ${[...suspended].join(", ")} do nothing`],
    [
      group["health_check_type"] !== "ELB",
      "health_check_type is not ELB: a server whose application fails is never replaced",
    ],
    [(numberIn(group, "max_instance_lifetime") ?? 0) > 0, "max_instance_lifetime is left out"],
    [
      blocks(group, "initial_lifecycle_hook").length + stack.of("aws_autoscaling_lifecycle_hook").length > 0,
      "lifecycle hooks take no time",
    ],
    [
      (numberIn(targets, "slow_start") ?? 0) > 0,
      "slow_start is left out: a new server gets its whole share of the requests at once",
    ],
    [
      textOr(targets, "load_balancing_algorithm_type", "round_robin") !== "round_robin",
      "requests are shared evenly, not by load_balancing_algorithm_type",
    ],
    [check["enabled"] === false, "the health check is off in the target group, and simulated as if it were on"],
  ];
  return ignored.flatMap(([applies, note]) => (applies ? [note] : []));
}

function scheduleProblems({ values }: Resource): string[] {
  const { name, recurrence, minSize = -Infinity, maxSize = Infinity, desired = minSize } = scheduleOf({ values });
  return [
    ...(recurrence === "" ? [`${name}: a schedule without a recurrence cannot be simulated`] : []),
    // https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_PutScheduledUpdateGroupAction.html
    ...(minSize > maxSize
      ? [`${name}: min_size ${String(minSize)} is above max_size ${String(maxSize)}, which AWS rejects`]
      : []),
    ...(desired > maxSize || desired < minSize
      ? [`${name}: desired_capacity ${String(desired)} is not between min_size and max_size, which AWS rejects`]
      : []),
  ];
}

function scheduleOf({ values: schedule }: Pick<Resource, "values">): Schedule {
  // Terraform's -1 is "leave it".
  const size = (key: string) => (orElse(schedule, key, -1) < 0 ? undefined : orElse(schedule, key, -1));
  const [minSize, maxSize, desired] = [size("min_size"), size("max_size"), size("desired_capacity")];
  return {
    name: String(schedule["scheduled_action_name"]),
    recurrence: textOr(schedule, "recurrence", ""),
    timeZone: textOr(schedule, "time_zone", "Etc/UTC"),
    ...(minSize !== undefined && { minSize }),
    ...(maxSize !== undefined && { maxSize }),
    ...(desired !== undefined && { desired }),
  };
}

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-warm-pools.html */
function waitingServers(group: Values): WaitingServers | undefined {
  const [pool] = blocks(group, "warm_pool");
  if (pool === undefined) return undefined;
  const prepared = orElse(pool, "max_group_prepared_capacity", -1);
  return {
    state: textOr(pool, "pool_state", "Stopped") as WaitingServers["state"],
    minSize: orElse(pool, "min_size", 0),
    maxPrepared: prepared < 0 ? undefined : prepared,
    reuseOnScaleIn: isTrue(section(pool, "instance_reuse_policy")["reuse_on_scale_in"]),
  };
}

/** @throws Problem if the number of vCPUs is not known */
export function instanceOf(type: string): InstanceType {
  const processor = processorOf(type);
  if (processor === undefined) throw new Problem(`The simulation does not know how many vCPUs a ${type} has`);
  return { type, ...processor };
}
