import { environments } from "../../../src/config/environments";
import { derive } from "../../../src/config/derive";
import type { Settings } from "../../../src/config/schema";
import { synthWebApp } from "../../support";

const production = synthWebApp();
const alarm = (direction: "in" | "out") => production.at("aws_cloudwatch_metric_alarm", `scaling/cpu-${direction}`);

test("missing metrics remove no server, and raise no alarm", () => {
  expect(alarm("out")["treat_missing_data"]).toBe("missing");
  expect(alarm("in")["treat_missing_data"]).toBe("notBreaching");
});

test("an alarm says what it does", () => {
  expect(String(alarm("out")["alarm_description"])).toMatch(/above 80 % for 2 x 300 s: add 1 instance$/);
  expect(String(alarm("in")["alarm_description"])).toMatch(/below 20 % for 2 x 300 s: remove 1 instance$/);
});

test("an alarm does nothing but scale: the low one is in alarm for ever on an idle group, and would page people", () => {
  for (const direction of ["in", "out"] as const) {
    expect(alarm(direction)["alarm_actions"]).toEqual([`scaling/scale-${direction}`]);
    expect(alarm(direction)).not.toHaveProperty("ok_actions");
    expect(alarm(direction)).not.toHaveProperty("insufficient_data_actions");
  }
});

test("steps and cooldowns are those of the settings", () => {
  const built = synthWebApp(
    derive(environments.production, {
      scaling: { out: { instances: 2, cooldownSeconds: 120 }, in: { instances: 1, cooldownSeconds: 600 } },
    }),
  );
  expect(built.at("aws_autoscaling_policy", "scaling/scale-out")).toMatchObject({
    policy_type: "SimpleScaling",
    scaling_adjustment: 2,
    cooldown: 120,
  });
  expect(built.at("aws_autoscaling_policy", "scaling/scale-in")).toMatchObject({
    policy_type: "SimpleScaling",
    scaling_adjustment: -1,
    cooldown: 600,
  });
  expect(String(built.at("aws_cloudwatch_metric_alarm", "scaling/cpu-out")["alarm_description"])).toContain(
    "add 2 instances",
  );
});

const scaledBy = (scaling: Settings["scaling"]) => synthWebApp({ ...environments.production, scaling });
const kindsOfPolicy = (built: ReturnType<typeof scaledBy>) =>
  Object.values(built.all("aws_autoscaling_policy")).map(({ policy_type }) => policy_type);

describe("steps", () => {
  const built = scaledBy({
    kind: "step",
    periodSeconds: 300,
    evaluationPeriods: 1,
    out: {
      thresholdPercent: 70,
      steps: [
        { beyondPercent: 0, instances: 1 },
        { beyondPercent: 12.5, instances: 2 },
      ],
    },
    in: {
      thresholdPercent: 30,
      steps: [
        { beyondPercent: 0, instances: 1 },
        { beyondPercent: 20, instances: 2 },
      ],
    },
    warmUpSeconds: 180,
  });

  test("leave no gap and no overlap, from the threshold to the open end, on either side of it", () => {
    expect(built.at("aws_autoscaling_policy", "scaling/step-out")).toMatchObject({
      policy_type: "StepScaling",
      adjustment_type: "ChangeInCapacity",
      estimated_instance_warmup: 180,
      step_adjustment: [
        { scaling_adjustment: 1, metric_interval_lower_bound: "0", metric_interval_upper_bound: "12.5" },
        { scaling_adjustment: 2, metric_interval_lower_bound: "12.5" },
      ],
    });
    expect(built.at("aws_autoscaling_policy", "scaling/step-in")["step_adjustment"]).toEqual([
      { scaling_adjustment: -1, metric_interval_lower_bound: "-20", metric_interval_upper_bound: "0" },
      { scaling_adjustment: -2, metric_interval_upper_bound: "-20" },
    ]);
  });

  test("have no cooldown, which AWS takes from simple policies alone", () => {
    expect(kindsOfPolicy(built)).toEqual(["StepScaling", "StepScaling"]);
    for (const policy of Object.values(built.all("aws_autoscaling_policy"))) {
      expect(policy).not.toHaveProperty("cooldown");
      expect(policy).not.toHaveProperty("scaling_adjustment");
    }
  });

  test("keep the alarms of simple policies, with descriptions of the steps", () => {
    const [out, into] = (["out", "in"] as const).map((direction) =>
      built.at("aws_cloudwatch_metric_alarm", `scaling/cpu-${direction}`),
    );
    expect(out).toMatchObject({ alarm_name: "cpu-high", threshold: 70, alarm_actions: ["scaling/step-out"] });
    expect(into).toMatchObject({ alarm_name: "cpu-low", threshold: 30, treat_missing_data: "notBreaching" });
    expect(String(out?.["alarm_description"])).toMatch(/above 70 % for 1 x 300 s: add 1 from 70 %, 2 from 82.5 %$/);
    expect(String(into?.["alarm_description"])).toMatch(/below 30 % for 1 x 300 s: remove 1 from 30 %, 2 from 10 %$/);
  });

  test("an instance that warms up is left out of the group's CPU", () => {
    expect(built.only("aws_autoscaling_group")["default_instance_warmup"]).toBe(180);
    expect(production.only("aws_autoscaling_group")).not.toHaveProperty("default_instance_warmup");
  });
});

describe("target tracking", () => {
  const built = scaledBy({ kind: "targetTracking", targetPercent: 50, warmUpSeconds: 150 });

  test("is one policy, and no alarm of ours: AWS makes its own", () => {
    expect(built.count("aws_cloudwatch_metric_alarm")).toBe(0);
    expect(built.count("aws_autoscaling_policy")).toBe(1);
    expect(built.at("aws_autoscaling_policy", "scaling/track-cpu")).toMatchObject({
      policy_type: "TargetTrackingScaling",
      estimated_instance_warmup: 150,
      target_tracking_configuration: {
        target_value: 50,
        disable_scale_in: false,
        predefined_metric_specification: { predefined_metric_type: "ASGAverageCPUUtilization" },
      },
    });
    expect(built.only("aws_autoscaling_group")["default_instance_warmup"]).toBe(150);
  });

  test("can be set never to remove a server", () => {
    const growing = scaledBy({ kind: "targetTracking", targetPercent: 50, warmUpSeconds: 150, disableScaleIn: true });
    expect(growing.only("aws_autoscaling_policy")["target_tracking_configuration"]).toMatchObject({
      disable_scale_in: true,
    });
  });
});

describe("schedules", () => {
  const weekdays = "MON-FRI";
  const built = synthWebApp(
    derive(environments.production, {
      scaling: {
        schedules: {
          morning: { recurrence: `30 8 * * ${weekdays}`, timeZone: "Asia/Kolkata", minSize: 2 },
          evening: { recurrence: `0 20 * * ${weekdays}`, timeZone: "Asia/Kolkata", minSize: 1, desiredCapacity: 1 },
          night: { recurrence: "0 1 * * *", timeZone: "UTC", desiredCapacity: 1 },
        },
      },
    }),
  );
  const schedule = (name: string) => built.at("aws_autoscaling_schedule", `scaling/schedule-${name}`);

  test("change what they name and leave the rest as it is, which the provider would set to 0", () => {
    expect(schedule("morning")).toMatchObject({
      scheduled_action_name: expect.stringMatching(/^morning-[0-9a-f]{8}$/) as unknown,
      autoscaling_group_name: "fleet/auto-scaling-group",
      recurrence: "30 8 * * MON-FRI",
      time_zone: "Asia/Kolkata",
      min_size: 2,
      max_size: -1,
      desired_capacity: -1,
    });
    expect(schedule("evening")).toMatchObject({ min_size: 1, max_size: -1, desired_capacity: 1 });
  });

  test("are replaced when they recur at another time: changed in place, the old time would come once more", () => {
    const nameOf = (schedule: object) =>
      synthWebApp(
        derive(environments.production, {
          scaling: { schedules: { night: { recurrence: "0 1 * * *", timeZone: "UTC", minSize: 1, ...schedule } } },
        }),
      ).at("aws_autoscaling_schedule", "scaling/schedule-night")["scheduled_action_name"];
    expect(nameOf({ minSize: 2 })).toBe(nameOf({}));
    expect(new Set([{}, { recurrence: "0 2 * * *" }, { timeZone: "Asia/Kolkata" }].map(nameOf)).size).toBe(3);
  });

  test("are created one after the other, since AWS refuses concurrent changes of a group", () => {
    const waits = ["morning", "evening", "night"].map((name) =>
      ((schedule(name)["depends_on"] ?? []) as string[]).map((address) => address.replace(/_[0-9A-F]{8}$/, "")),
    );
    expect(waits).toEqual([
      [],
      ["aws_autoscaling_schedule.scaling_schedule-morning"],
      ["aws_autoscaling_schedule.scaling_schedule-evening"],
    ]);
  });

  test("own the bounds that they set: a deploy at night does not restore the daytime bounds", () => {
    const ignored = (scaled: typeof built) => scaled.only("aws_autoscaling_group")["lifecycle"];
    expect(ignored(built)).toEqual({ ignore_changes: ["desired_capacity", "min_size"] });
    const schedules = { peak: { recurrence: "0 9 * * *", timeZone: "UTC", maxSize: 9 } };
    expect(ignored(synthWebApp(derive(environments.production, { scaling: { schedules } })))).toEqual({
      ignore_changes: ["desired_capacity", "max_size"],
    });
  });
});
