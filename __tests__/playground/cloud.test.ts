import type { ScalingPolicy } from "@aws-sdk/client-auto-scaling";
import type { MetricAlarm } from "@aws-sdk/client-cloudwatch";
import type { Action, Rule, RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import { alarmOf } from "../../src/playground/cloud/alarms";
import { policyOf, scheduleOf } from "../../src/playground/cloud/policies";
import { actionOf, conditionOf, ruleOf } from "../../src/playground/cloud/rules";

let notes: string[];
const note = (sentence: string) => void notes.push(sentence);
beforeEach(() => (notes = []));

describe("alarms", () => {
  const alarm: MetricAlarm = {
    AlarmName: "cpu-high",
    AlarmArn: "arn:aws:cloudwatch:ap-south-1:123456789012:alarm:cpu-high",
    Namespace: "AWS/EC2",
    MetricName: "CPUUtilization",
    Dimensions: [{ Name: "AutoScalingGroupName", Value: "web" }],
    Statistic: "Average",
    Period: 300,
    EvaluationPeriods: 2,
    Threshold: 80,
    ComparisonOperator: "GreaterThanThreshold",
    AlarmActions: [
      "arn:aws:autoscaling:r:1:scalingPolicy:u:autoScalingGroupName/web:policyName/scale-out",
      "arn:aws:sns:r:1:t",
    ],
    StateValue: "OK",
  };

  test("one on a metric, with the policies that it calls", () => {
    expect(alarmOf(alarm, note)).toMatchObject({
      name: "cpu-high",
      namespace: "AWS/EC2",
      metric: "CPUUtilization",
      dimensions: { AutoScalingGroupName: "web" },
      statistic: "Average",
      comparison: ">",
      threshold: 80,
      periodSeconds: 300,
      evaluationPeriods: 2,
      datapointsToAlarm: 2,
      treatMissingData: "missing",
      policies: ["scale-out"],
      actionsEnabled: true,
      actions: { ALARM: alarm.AlarmActions, OK: [], INSUFFICIENT_DATA: [] },
      state: "OK",
    });
    expect(notes).toEqual([]);
  });

  test("a percentile is a statistic", () => {
    expect(alarmOf({ ...alarm, Statistic: undefined, ExtendedStatistic: "p99.9" }, note)?.statistic).toBe("p99.9");
  });

  test.each<[why: string, differences: MetricAlarm]>([
    ["it is on the statistic tm90", { Statistic: undefined, ExtendedStatistic: "tm90" }],
    [
      "it is on an expression",
      { Namespace: undefined, MetricName: undefined, Metrics: [{ Id: "e", Expression: "a/b" }] },
    ],
    ["it compares by LessThanLowerThreshold", { ComparisonOperator: "LessThanLowerThreshold", Threshold: undefined }],
  ])("is noted: %s", (why, differences) => {
    expect(alarmOf({ ...alarm, ...differences }, note)).toBeUndefined();
    expect(notes).toEqual([`the alarm cpu-high is not evaluated: ${why}`]);
  });
});

describe("policies", () => {
  const group = { warmUpSeconds: undefined, cooldownSeconds: 300 };
  const policy: ScalingPolicy = { PolicyName: "up", PolicyARN: "arn", AutoScalingGroupName: "web", Enabled: true };

  test.each<[kind: string, differences: ScalingPolicy, expected: object]>([
    [
      "simple, with the group's cooldown",
      { PolicyType: "SimpleScaling", AdjustmentType: "ChangeInCapacity", ScalingAdjustment: 1 },
      {
        kind: "simple",
        name: "up",
        arn: "arn",
        adjustmentType: "ChangeInCapacity",
        minimumMagnitude: 1,
        adjustment: 1,
        cooldownSeconds: 300,
      },
    ],
    [
      "steps, in order",
      {
        PolicyType: "StepScaling",
        AdjustmentType: "PercentChangeInCapacity",
        MinAdjustmentMagnitude: 2,
        EstimatedInstanceWarmup: 60,
        StepAdjustments: [
          { MetricIntervalLowerBound: 10, ScalingAdjustment: 50 },
          { MetricIntervalLowerBound: 0, MetricIntervalUpperBound: 10, ScalingAdjustment: 20 },
        ],
      },
      {
        ...{
          kind: "step",
          name: "up",
          arn: "arn",
          adjustmentType: "PercentChangeInCapacity",
          minimumMagnitude: 2,
          warmUpSeconds: 60,
        },
        steps: [
          { lower: 0, upper: 10, adjustment: 20 },
          { lower: 10, adjustment: 50 },
        ],
      },
    ],
    [
      "target tracking of the group's CPU",
      {
        PolicyType: "TargetTrackingScaling",
        TargetTrackingConfiguration: {
          TargetValue: 50,
          PredefinedMetricSpecification: { PredefinedMetricType: "ASGAverageCPUUtilization" },
        },
      },
      { kind: "targetTracking", name: "up", arn: "arn", targetPercent: 50, disableScaleIn: false, warmUpSeconds: 300 },
    ],
  ])("%s", (_, differences, expected) => {
    expect(policyOf({ ...policy, ...differences }, group, note)).toEqual(expected);
    expect(notes).toEqual([]);
  });

  test.each<[why: string, differences: ScalingPolicy]>([
    ["it is disabled", { Enabled: false }],
    ["its steps are on the Maximum of the metric", { PolicyType: "StepScaling", MetricAggregationType: "Maximum" }],
    ["its type is PredictiveScaling", { PolicyType: "PredictiveScaling" }],
    [
      "it tracks ALBRequestCountPerTarget, not ASGAverageCPUUtilization",
      {
        PolicyType: "TargetTrackingScaling",
        TargetTrackingConfiguration: {
          TargetValue: 50,
          PredefinedMetricSpecification: { PredefinedMetricType: "ALBRequestCountPerTarget" },
        },
      },
    ],
  ])("is noted: %s", (why, differences) => {
    expect(policyOf({ ...policy, ...differences }, group, note)).toBeUndefined();
    expect(notes).toEqual([`the policy up of web is not played: ${why}`]);
  });

  test("a schedule has the sizes that it sets, and one that happens once is noted", () => {
    const action = { ScheduledActionName: "morning", AutoScalingGroupName: "web", Recurrence: "30 8 * * MON-FRI" };
    expect(scheduleOf({ ...action, TimeZone: "Asia/Kolkata", MinSize: 2 }, note)).toEqual({
      name: "morning",
      recurrence: "30 8 * * MON-FRI",
      timeZone: "Asia/Kolkata",
      minSize: 2,
    });
    expect(scheduleOf({ ...action, Recurrence: undefined, StartTime: new Date(0) }, note)).toBeUndefined();
    expect(notes).toEqual(["the scheduled action morning of web is not played: it happens once"]);
  });
});

describe("rules of a listener", () => {
  test.each<[action: Action, expected: object | string]>([
    [
      { Type: "forward", TargetGroupArn: "a" },
      { type: "forward", targetGroups: [{ arn: "a", weight: 1 }] },
    ],
    [
      {
        Type: "forward",
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn: "a", Weight: 9 },
            { TargetGroupArn: "b", Weight: 0 },
          ],
          TargetGroupStickinessConfig: { Enabled: true, DurationSeconds: 60 },
        },
      },
      {
        type: "forward",
        targetGroups: [
          { arn: "a", weight: 9 },
          { arn: "b", weight: 0 },
        ],
        stickySeconds: 60,
      },
    ],
    [
      { Type: "redirect", RedirectConfig: { StatusCode: "HTTP_302", Protocol: "HTTPS", Port: "443" } },
      {
        type: "redirect",
        statusCode: 302,
        protocol: "HTTPS",
        host: "#{host}",
        port: "443",
        path: "/#{path}",
        query: "#{query}",
      },
    ],
    [
      {
        Type: "fixed-response",
        FixedResponseConfig: { StatusCode: "404", ContentType: "text/plain", MessageBody: "no" },
      },
      { type: "fixed-response", statusCode: 404, contentType: "text/plain", body: "no" },
    ],
    [{ Type: "authenticate-oidc" }, "its action is authenticate-oidc"],
  ])("the action %j", (action, expected) => {
    expect(actionOf(action)).toEqual(expected);
  });

  test.each<[condition: RuleCondition, expected: object | string]>([
    [
      { Field: "path-pattern", PathPatternConfig: { Values: ["/a*"] } },
      { field: "path-pattern", values: ["/a*"] },
    ],
    [
      { Field: "host-header", Values: ["x.org"] },
      { field: "host-header", values: ["x.org"] },
    ],
    [
      { Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "User-Agent", Values: ["curl*"] } },
      { field: "http-header", name: "User-Agent", values: ["curl*"] },
    ],
    [
      { Field: "query-string", QueryStringConfig: { Values: [{ Key: "a", Value: "1" }, { Value: "2" }] } },
      { field: "query-string", values: [{ key: "a", value: "1" }, { value: "2" }] },
    ],
    [{ Field: "of-the-future" }, "its condition is of-the-future"],
  ])("the condition %j", (condition, expected) => {
    expect(conditionOf(condition)).toEqual(expected);
  });

  const rule: Rule = { RuleArn: "arn", Priority: "10", Actions: [{ Type: "forward", TargetGroupArn: "a" }] };

  test("one that is understood, and the default", () => {
    const action = { type: "forward", targetGroups: [{ arn: "a", weight: 1 }] };
    expect(ruleOf(rule, "web:80", note)).toEqual({ arn: "arn", priority: 10, conditions: [], action });
    expect(ruleOf({ ...rule, Priority: "default", IsDefault: true }, "web:80", note)?.priority).toBe("default");
  });

  test("one that is not is noted with all that is wrong", () => {
    const login = { ...rule, Conditions: [{ Field: "moon" }], Actions: [{ Type: "authenticate-cognito" as const }] };
    expect(ruleOf(login, "web:80", note)).toBeUndefined();
    const actions = [{ Type: "authenticate-oidc" as const }, ...(rule.Actions ?? [])];
    expect(ruleOf({ ...rule, Actions: actions }, "web:443", note)).toBeUndefined();
    expect(notes).toEqual([
      "the rule 10 of web:80 is not played: its condition is moon, its action is authenticate-cognito",
      "the rule 10 of web:443 is not played: its action is authenticate-oidc, it has 2 actions",
    ]);
  });
});
