import { modelOf } from "../../src/commands/simulate";
import { derive } from "../../src/config/derive";
import { environments } from "../../src/config/environments";
import { bookOf } from "../../src/cost/prices/price-book";
import * as groupModel from "../../src/resources/group-model";
import type { Model } from "../../src/simulation/model";
import { SCALING } from "../../scripts/plan-scenarios";
import { readPlan } from "../../src/terraform/plan";
import { stackOf } from "../../src/terraform/stack";
import { fixture } from "../fixtures/plans";

const readModel = (document: object) => groupModel.readModel(stackOf(document), bookOf);
const { production } = environments;

test("reads the document's group out of what is synthesized", () => {
  expect(modelOf("production", production)).toEqual({
    name: "web-app_asg",
    minSize: 1,
    maxSize: 4,
    desired: 1,
    zones: 2,
    graceSeconds: 300,
    launchFirst: true,
    warmUpSeconds: 0,
    replacesUnhealthy: true,
    rebalances: true,
    instance: {
      type: "t3.micro",
      vcpus: 2,
      burst: { baseline: 0.1, creditsPerHour: 12, maxCredits: 288 },
      credits: "unlimited",
      detailed: false,
    },
    // An hour of a t3.micro and of its disk of 8 GB, of the disk alone, and of two alarms.
    prices: {
      server: expect.closeTo(0.0112 + (8 * 0.0912) / 730, 12) as number,
      stopped: expect.closeTo((8 * 0.0912) / 730, 12) as number,
      alarms: expect.closeTo(0.2 / 730, 12) as number,
      surplus: 0.05,
    },
    healthCheck: { intervalSeconds: 30, healthyThreshold: 2, unhealthyThreshold: 3 },
    deregistrationSeconds: 60,
    alarms: [
      {
        name: "cpu-high",
        comparison: ">",
        threshold: 80,
        periodSeconds: 300,
        evaluationPeriods: 2,
        datapointsToAlarm: 2,
        treatMissingData: "missing",
        policies: ["scale-out"],
      },
      {
        name: "cpu-low",
        comparison: "<",
        threshold: 20,
        periodSeconds: 300,
        evaluationPeriods: 2,
        datapointsToAlarm: 2,
        treatMissingData: "notBreaching",
        policies: ["scale-in"],
      },
    ],
    policies: [
      {
        name: "scale-out",
        kind: "simple",
        adjustmentType: "ChangeInCapacity",
        minimumMagnitude: 1,
        adjustment: 1,
        cooldownSeconds: 300,
      },
      {
        name: "scale-in",
        kind: "simple",
        adjustmentType: "ChangeInCapacity",
        minimumMagnitude: 1,
        adjustment: -1,
        cooldownSeconds: 300,
      },
    ],
    schedules: [],
    notes: [],
  });
});

test("a changed setting is what is simulated", () => {
  const changed = derive(production, {
    fleet: { maxSize: 7, detailedMonitoring: true, cpuCredits: "standard" },
    scaling: { periodSeconds: 60, out: { thresholdPercent: 70 } },
  });
  const model = modelOf("production", changed);
  expect(model).toMatchObject({ maxSize: 7, instance: { detailed: true, credits: "standard" } });
  expect(model.alarms[0]).toMatchObject({ threshold: 70, periodSeconds: 60 });
});

test("whichever kind of scaling is set is what is simulated", () => {
  const warmUpSeconds = 150;
  const tracking = derive(production, { scaling: { kind: "targetTracking", targetPercent: 50, warmUpSeconds } });
  expect(modelOf("production", tracking)).toMatchObject({
    warmUpSeconds,
    policies: [{ kind: "targetTracking", targetPercent: 50, warmUpSeconds }],
    alarms: [{ threshold: 50 }, {}],
  });
  const step = derive(production, {
    fleet: { warmPool: { state: "Stopped", minSize: 1, maxGroupPreparedCapacity: 3, reuseOnScaleIn: true } },
    scaling: {
      kind: "step",
      periodSeconds: 300,
      evaluationPeriods: 1,
      out: {
        thresholdPercent: 70,
        steps: [
          { beyondPercent: 0, instances: 1 },
          { beyondPercent: 15, instances: 2 },
        ],
      },
      in: { thresholdPercent: 20, steps: [{ beyondPercent: 0, instances: 1 }] },
      warmUpSeconds,
      schedules: { morning: { recurrence: "30 8 * * MON-FRI", timeZone: "Asia/Kolkata", minSize: 2 } },
    },
  });
  const model = modelOf("production", step);
  expect(model).toMatchObject({ warmPool: { state: "Stopped", minSize: 1, maxPrepared: 3, reuseOnScaleIn: true } });
  expect(model).toMatchObject({ alarms: [{ policies: ["step-out"] }, { policies: ["step-in"] }] });
  expect(model.policies).toMatchObject([
    {
      steps: [
        { lower: 0, upper: 15, adjustment: 1 },
        { lower: 15, adjustment: 2 },
      ],
    },
    { steps: [{ upper: 0, adjustment: -1 }] },
  ]);
  expect(model.schedules).toEqual([
    {
      name: expect.stringMatching(/^morning-/) as unknown,
      recurrence: "30 8 * * MON-FRI",
      timeZone: "Asia/Kolkata",
      minSize: 2,
    },
  ]);
});

const GROUP = {
  launch_template: [{ id: "${aws_launch_template.t.id}" }],
  name: "g",
  min_size: 1,
  max_size: 4,
  vpc_zone_identifier: ["a"],
  health_check_type: "ELB",
};
const ALARM = {
  alarm_name: "high",
  namespace: "AWS/EC2",
  metric_name: "CPUUtilization",
  dimensions: { AutoScalingGroupName: "${aws_autoscaling_group.g.name}" },
  statistic: "Average",
  comparison_operator: "GreaterThanThreshold",
  threshold: 80,
  period: 60,
  evaluation_periods: 3,
  alarm_actions: ["${aws_autoscaling_policy.p.arn}"],
};
const SIMPLE = { scaling_adjustment: 1 };
const CPU = { predefined_metric_specification: [{ predefined_metric_type: "ASGAverageCPUUtilization" }] };
const stack = (policy: object, { group = {}, targets = {}, alarm = {}, schedule }: Record<string, object> = {}) => ({
  resource: {
    aws_autoscaling_group: { g: { ...GROUP, ...group } },
    aws_launch_template: {
      t: {
        instance_type: "t3.micro",
        block_device_mappings: [{ ebs: DISK }],
        network_interfaces: [{ associate_public_ip_address: false }],
      },
    },
    aws_lb_target_group: { t: targets },
    aws_autoscaling_policy: { p: { name: "p", ...policy } },
    aws_cloudwatch_metric_alarm: { a: { ...ALARM, ...alarm } },
    ...(schedule && { aws_autoscaling_schedule: { s: { scheduled_action_name: "s", ...schedule } } }),
  },
});
const DISK = { volume_size: 8, volume_type: "gp3" };

test("reads step policies and target tracking, with the alarms that target tracking keeps for itself", () => {
  const step = readModel(
    stack({
      policy_type: "StepScaling",
      estimated_instance_warmup: 120,
      step_adjustment: [
        { metric_interval_lower_bound: "0", metric_interval_upper_bound: "10", scaling_adjustment: 1 },
        { metric_interval_lower_bound: "10", scaling_adjustment: 2 },
      ],
    }),
  );
  expect(step.policies[0]).toMatchObject({
    kind: "step",
    warmUpSeconds: 120,
    steps: [
      { lower: 0, upper: 10, adjustment: 1 },
      { lower: 10, adjustment: 2 },
    ],
  });
  const tracking = readModel(
    stack(
      { policy_type: "TargetTrackingScaling", target_tracking_configuration: { ...CPU, target_value: 60 } },
      { group: { default_instance_warmup: 90 }, alarm: { alarm_actions: [] } },
    ),
  );
  expect(tracking.policies[0]).toMatchObject({ kind: "targetTracking", targetPercent: 60, warmUpSeconds: 90 });
  expect(tracking.alarms).toMatchObject([
    { comparison: ">", threshold: 60, evaluationPeriods: 3, periodSeconds: 60 },
    { comparison: "<", threshold: 54, evaluationPeriods: 15, periodSeconds: 60 },
  ]);
});

describe("plans of the real Terraform", () => {
  /**
   * Without the prefix that a name has in an environment of its own, and without the hash of a schedule's name, which the corpus
   * replaces as it replaces ids.
   */
  const plain = (model: Model, prefix = "") =>
    JSON.parse(
      JSON.stringify(model)
        .replace(new RegExp(`(?<=")${prefix}-(?=web-app|cpu-)`, "g"), "")
        .replace(/(?<="(morning|evening))-[\da-f]+(?=")/g, ""),
    ) as Model;

  test.each([
    ["simple policies, deployed", "no-change", {}, ""],
    ["step policies, to be created", "scaling-to-step", SCALING.step, ""],
    ["step policies, deployed", "scaling-step", SCALING.step, "step"],
    ["target tracking, to be created", "scaling-to-target-tracking", SCALING.targetTracking, ""],
    ["target tracking, deployed", "scaling-target-tracking", SCALING.targetTracking, "targetTracking"],
    ["everything, to be created", "first-deploy", {}, ""],
  ])("%s: what is read is what is synthesized", (_, name, differences, prefix) => {
    const planned = plain(groupModel.readModel(readPlan(fixture(name).plan).after, bookOf), prefix);
    expect(planned).toEqual(plain(modelOf("production", derive(production, differences))));
  });

  test.each(["scaling-to-step", "scaling-step"])("%s: bounds that are not set are open", (name) => {
    const { policies } = groupModel.readModel(readPlan(fixture(name).plan).after, bookOf);
    const read = policies.map((policy) => policy.kind === "step" && [policy.name, policy.warmUpSeconds, policy.steps]);
    const out = [
      { lower: 0, upper: 12.5, adjustment: 1 },
      { lower: 12.5, adjustment: 2 },
    ];
    const back = [
      { upper: -15, adjustment: -2 },
      { lower: -15, upper: 0, adjustment: -1 },
    ];
    expect(read).toEqual([
      ["step-out", 150, out],
      ["step-in", 150, back],
    ]);
  });
});

describe("what is not set, as the provider writes it", () => {
  const simple = (policy: object, group: object = {}) =>
    readModel(stack({ ...SIMPLE, ...policy }, { group })).policies[0];
  const step = (policy: object, group: object = {}) =>
    readModel(stack({ policy_type: "StepScaling", step_adjustment: [], ...policy }, { group })).policies[0];

  test.each([undefined, null, ""])("%j is no value", (unset) => {
    const bounds = { metric_interval_lower_bound: unset, metric_interval_upper_bound: unset, scaling_adjustment: 1 };
    expect(step({ step_adjustment: [bounds] })).toMatchObject({ steps: [{ adjustment: 1 }] });
    expect(step({ step_adjustment: [bounds] })).not.toHaveProperty(["steps", 0, "lower"]);
    expect(simple({ cooldown: unset, policy_type: unset, adjustment_type: unset })).toMatchObject({
      kind: "simple",
      adjustmentType: "ChangeInCapacity",
      cooldownSeconds: 300,
    });
    const schedule = { recurrence: "0 8 * * *", time_zone: unset, min_size: unset, max_size: -1, desired_capacity: 2 };
    expect(readModel(stack(SIMPLE, { schedule })).schedules).toEqual([
      { name: "s", recurrence: "0 8 * * *", timeZone: "Etc/UTC", desired: 2 },
    ]);
    expect(
      readModel(stack(SIMPLE, { alarm: { treat_missing_data: unset, datapoints_to_alarm: unset } })).alarms,
    ).toMatchObject([{ treatMissingData: "missing", datapointsToAlarm: 3 }]);
  });

  test("the cooldown is the group's, and a policy's own precedes it", () => {
    expect(simple({}, { default_cooldown: 120 })).toMatchObject({ cooldownSeconds: 120 });
    expect(simple({}, { default_cooldown: 0 })).toMatchObject({ cooldownSeconds: 0 });
    expect(simple({ cooldown: 60 }, { default_cooldown: 120 })).toMatchObject({ cooldownSeconds: 60 });
    expect(simple({ cooldown: 0 }, { default_cooldown: 120 })).toMatchObject({ cooldownSeconds: 0 });
  });

  test("the warm-up is the policy's, or the group's, or else its cooldown", () => {
    const group = { default_instance_warmup: 90, default_cooldown: 120 };
    expect(step({ estimated_instance_warmup: 60 }, group)).toMatchObject({ warmUpSeconds: 60 });
    expect(step({ estimated_instance_warmup: 0 }, group)).toMatchObject({ warmUpSeconds: 90 });
    expect(step({}, { default_cooldown: 120 })).toMatchObject({ warmUpSeconds: 120 });
    expect(step({})).toMatchObject({ warmUpSeconds: 300 });
  });

  test("the group's and the target group's are the provider's defaults", () => {
    expect(readModel(stack(SIMPLE))).toMatchObject({
      desired: 1,
      graceSeconds: 300,
      launchFirst: false,
      warmUpSeconds: 0,
      deregistrationSeconds: 300,
      healthCheck: { intervalSeconds: 30, healthyThreshold: 3, unhealthyThreshold: 3 },
    });
    const group = { instance_maintenance_policy: [{ min_healthy_percentage: 90, max_healthy_percentage: 120 }] };
    expect(readModel(stack(SIMPLE, { group })).launchFirst).toBe(false);
  });

  test("the alarm of a policy that has been created is known by its ARN, whole", () => {
    const arn = "arn:aws:autoscaling:ap-south-1:1:scalingPolicy:x:autoScalingGroupName/g:policyName/";
    const alarms = (action: string) => readModel(stack(SIMPLE, { alarm: { alarm_actions: [action] } })).alarms;
    expect(alarms(`${arn}p`)).toHaveLength(1);
    expect(alarms(`${arn}pp`)).toEqual([]);
    expect(alarms("arn:aws:sns:ap-south-1:1:p")).toEqual([]);
  });
});

test("what is switched off does not scale, and is noted", () => {
  const read = (...how: Parameters<typeof stack>) => readModel(stack(...how));
  const off = read({ ...SIMPLE, enabled: false });
  expect([off.policies, off.alarms, off.notes]).toEqual([[], [], ["the policy p is disabled"]]);
  const quiet = read(SIMPLE, { alarm: { actions_enabled: false, metric_name: "NetworkIn" } });
  expect([quiet.alarms, quiet.notes]).toEqual([
    [],
    ["the actions of the alarm high are disabled", "no alarm that is simulated calls the policy p"],
  ]);
  const arn = "arn:aws:autoscaling:ap-south-1:1:scalingPolicy:x:autoScalingGroupName/g:policyName/p";
  const zero = read({ ...SIMPLE, policy_type: "SimpleScaling", cooldown: 0, arn });
  expect(zero.notes).toEqual(["the policy p has a cooldown of 0 s, as a plan also writes where none is set"]);
  const suspended = (...suspended_processes: string[]) =>
    read(SIMPLE, { group: { suspended_processes }, schedule: { recurrence: "0 8 * * *", min_size: 2 } });
  expect(suspended("AlarmNotification")).toMatchObject({ policies: [], alarms: [], schedules: [{}] });
  expect(suspended("ScheduledActions")).toMatchObject({ policies: [{}], alarms: [{}], schedules: [] });
  for (const process of ["HealthCheck", "ReplaceUnhealthy"]) expect(suspended(process).replacesUnhealthy).toBe(false);
  expect(suspended("AZRebalance")).toMatchObject({ rebalances: false, replacesUnhealthy: true });
  expect(suspended("AZRebalance").notes).toEqual(["the suspended processes AZRebalance do nothing"]);
});

test.each([
  [{ group: { health_check_type: "EC2" } }, "health_check_type is not ELB"],
  [{ group: { max_instance_lifetime: 86_400 } }, "max_instance_lifetime is left out"],
  [{ group: { initial_lifecycle_hook: [{ name: "h" }] } }, "lifecycle hooks take no time"],
  [{ targets: { slow_start: 60 } }, "slow_start is left out"],
  [{ targets: { load_balancing_algorithm_type: "least_outstanding_requests" } }, "requests are shared evenly"],
  [{ targets: { health_check: [{ enabled: false }] } }, "the health check is off"],
])("what is left out is noted: %j", (how, note) => {
  expect(readModel(stack(SIMPLE, how)).notes).toEqual([expect.stringContaining(note)]);
});

test.each<[string, object, Record<string, object>]>([
  ["p: policies of type PredictiveScaling cannot be simulated", { policy_type: "PredictiveScaling" }, {}],
  [
    "p: target tracking of ALBRequestCountPerTarget cannot be simulated",
    {
      policy_type: "TargetTrackingScaling",
      target_tracking_configuration: [
        {
          predefined_metric_specification: [{ predefined_metric_type: "ALBRequestCountPerTarget" }],
          target_value: 100,
        },
      ],
    },
    {},
  ],
  [
    "p: target tracking of a metric of its own cannot be simulated",
    {
      policy_type: "TargetTrackingScaling",
      target_tracking_configuration: [{ customized_metric_specification: [{}], target_value: 100 }],
    },
    {},
  ],
  ["p: steps on the Maximum", { policy_type: "StepScaling", metric_aggregation_type: "Maximum" }, {}],
  ["high: an alarm on AWS/EC2 NetworkIn cannot be simulated", SIMPLE, { alarm: { metric_name: "NetworkIn" } }],
  ["high: an alarm on CWAgent CPUUtilization cannot", SIMPLE, { alarm: { namespace: "CWAgent" } }],
  ['on the dimensions {"InstanceId":"i-1"}', SIMPLE, { alarm: { dimensions: { InstanceId: "i-1" } } }],
  [
    'on the dimensions {"AutoScalingGroupName":"other"}',
    SIMPLE,
    { alarm: { dimensions: { AutoScalingGroupName: "other" } } },
  ],
  [
    'on the dimensions {"AutoScalingGroupName":"g","InstanceId":"i-1"}',
    SIMPLE,
    { alarm: { dimensions: { AutoScalingGroupName: "g", InstanceId: "i-1" } } },
  ],
  ["on the dimensions {}", SIMPLE, { alarm: { dimensions: null } }],
  ["on the statistic Maximum", SIMPLE, { alarm: { statistic: "Maximum" } }],
  ["on the statistic p90", SIMPLE, { alarm: { statistic: "", extended_statistic: "p90" } }],
  ["on a calculation (metric_query)", SIMPLE, { alarm: { metric_query: [{ id: "m" }] } }],
  [
    "with the comparison GreaterThanUpperThreshold",
    SIMPLE,
    { alarm: { comparison_operator: "GreaterThanUpperThreshold" } },
  ],
  ["with a period of 10 s", SIMPLE, { alarm: { period: 10 } }],
  ["which scales when it is not in ALARM", SIMPLE, { alarm: { ok_actions: ["${aws_autoscaling_policy.p.arn}"] } }],
  ["process Launch is suspended", SIMPLE, { group: { suspended_processes: ["Launch"] } }],
  ["of several instance types", SIMPLE, { group: { mixed_instances_policy: [{}] } }],
  ["protected from scale-in", SIMPLE, { group: { protect_from_scale_in: true } }],
  ["s: a schedule without a recurrence", SIMPLE, { schedule: { start_time: "2026-01-01T00:00:00Z", min_size: 2 } }],
  ["s: min_size 5 is above max_size 4", SIMPLE, { schedule: { recurrence: "0 8 * * *", min_size: 5, max_size: 4 } }],
  [
    "s: desired_capacity 1 is not between",
    SIMPLE,
    { schedule: { recurrence: "0 8 * * *", min_size: 2, desired_capacity: 1 } },
  ],
  [
    "s: desired_capacity 5 is not between",
    SIMPLE,
    { schedule: { recurrence: "0 8 * * *", max_size: 4, desired_capacity: 5 } },
  ],
  ['needs max_size as a number, and it is "${var.size}"', SIMPLE, { group: { max_size: "${var.size}" } }],
])("what cannot be simulated is refused: %s", (message, policy, how) => {
  expect(() => readModel(stack(policy, how))).toThrow(message);
});

test("all that cannot be simulated is refused at once", () => {
  expect(() => readModel({})).toThrow("needs exactly one aws_autoscaling_group, and the stack has 0");
  const wrong = { alarm: { statistic: "Maximum", metric_name: "NetworkIn" }, group: { protect_from_scale_in: true } };
  expect(() => readModel(stack(SIMPLE, wrong))).toThrow(/scale-in.*\n.*NetworkIn.*\n.*Maximum/);
});

test("an alarm that calls no policy of the group is none of the simulation's, whatever it watches", () => {
  expect(readModel(stack(SIMPLE, { alarm: { alarm_actions: [], metric_name: "NetworkIn" } })).alarms).toEqual([]);
});

test("a server costs its instance, its disk and its detailed monitoring; one that waits stopped, its disk", () => {
  const detailed = modelOf("production", derive(production, { fleet: { detailedMonitoring: true } })).prices;
  const basic = modelOf("production", production).prices;
  expect((detailed.server ?? 0) - (basic.server ?? 0)).toBeCloseTo((7 * 0.3) / 730, 12);
  expect(detailed.stopped).toBe(basic.stopped);
});

test("a disk whose size is not known is noted, and an instance without a price has no cost", () => {
  const document = stack(SIMPLE);
  document.resource.aws_launch_template.t.block_device_mappings = [];
  expect(readModel(document)).toMatchObject({
    prices: { server: undefined },
    notes: ["the cost lacks a part: its root disk has the size of its image, which is not known here"],
  });
});
