import { environments } from "../../src/config/environments";
import { derive } from "../../src/config/derive";
import { synthWebApp } from "../support";

const production = synthWebApp();
const alarm = (direction: "in" | "out") => production.at("aws_cloudwatch_metric_alarm", `scaling/cpu-${direction}`);

test("metrics that stop coming take no server away, and set off no alarm", () => {
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
