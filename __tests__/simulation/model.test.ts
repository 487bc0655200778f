import { modelOf } from "../../src/commands/simulate";
import { derive } from "../../src/config/derive";
import { environments } from "../../src/config/environments";
import { bookOf } from "../../src/cost/prices/price-book";
import * as groupModel from "../../src/resources/group-model";
import { stackOf } from "../../src/terraform/stack";

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
    warmPool: 0,
    instance: {
      type: "t3.micro",
      vcpus: 2,
      burst: { baseline: 0.1, creditsPerHour: 12, maxCredits: 288 },
      usdPerHour: 0.0112,
      usdPerSurplusHour: 0.05,
      credits: "unlimited",
      detailed: false,
    },
    healthCheck: { intervalSeconds: 30, unhealthyThreshold: 3 },
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
  expect(model).toMatchObject({ warmPool: 2, alarms: [{ policies: ["step-out"] }, { policies: ["step-in"] }] });
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

const stack = (policy: object, group: object = {}) => ({
  resource: {
    aws_autoscaling_group: { g: { name: "g", min_size: 1, max_size: 4, vpc_zone_identifier: ["a"], ...group } },
    aws_launch_template: { t: { instance_type: "t3.micro" } },
    aws_lb_target_group: { t: {} },
    aws_autoscaling_policy: { p: { name: "p", ...policy } },
  },
});

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
      { policy_type: "TargetTrackingScaling", target_tracking_configuration: { target_value: 60 } },
      { default_instance_warmup: 90 },
    ),
  );
  expect(tracking.policies[0]).toMatchObject({ kind: "targetTracking", targetPercent: 60, warmUpSeconds: 90 });
  expect(tracking.alarms).toMatchObject([
    { comparison: ">", threshold: 60, evaluationPeriods: 3, periodSeconds: 60 },
    { comparison: "<", threshold: 54, evaluationPeriods: 15, periodSeconds: 60 },
  ]);
});

test("what cannot be simulated is refused in a sentence", () => {
  expect(() => readModel({})).toThrow("needs exactly one aws_autoscaling_group, and the stack has 0");
  expect(() => readModel(stack({ policy_type: "PredictiveScaling" }))).toThrow(
    "p: policies of type PredictiveScaling cannot be simulated",
  );
});
