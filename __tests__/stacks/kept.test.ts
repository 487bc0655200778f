/** What a stack keeps that was taken over, and what the tools read of it. */
import { Testing } from "cdktf";
import { NOTHING_KEPT, keptLine, type Kept } from "../../src/config/kept";
import { valueAt } from "../../src/config/section";
import { environments, remoteState } from "../../src/config/environments";
import { brokenWhileKept } from "../../src/commands/kept";
import { acceptedWhileKept } from "../../src/resources/intended";
import { keptSettings, SETTINGS, withKept } from "../../src/resources/kept-settings";
import { WebApp } from "../../src/stacks/web-app";
import { effective } from "../../src/takeover/effective";
import { stackOf, type SynthesizedStack } from "../../src/terraform/stack";
import { synthStack, synthWebApp } from "../support";

const { production } = environments;
const GROUP = "aws_autoscaling_group.fleet_auto-scaling-group_5A4583D8";
const TEMPLATE = "aws_launch_template.fleet_launch-template_3FB9E38C";
const ENDPOINT = "aws_vpc_endpoint.network_s3-endpoint_3093E6A5";
const BASTION = "aws_instance.bastion_instance_BB6185EC";

type Entry = Kept["kept"][number];
const entry = (address: string, attribute: string, is: Entry["is"], of: Entry["class"] = "interrupts"): Entry => ({
  address,
  attribute,
  class: of,
  is,
  wanted: null,
});
const KEPT: Kept = {
  kept: [
    entry(GROUP, "health_check_grace_period", 120),
    entry(GROUP, "name", "shop", "replaces"),
    entry(TEMPLATE, "metadata_options", []),
    entry("aws_cloudwatch_metric_alarm.scaling_cpu-out_837A3457", "period", 60),
    // Its construct has the name of the one that it is in.
    entry("aws_lb.load-balancer_30A23327", "name", "shop", "replaces"),
  ],
  later: [ENDPOINT],
};
const synth = (kept: Kept) =>
  synthStack(new WebApp(Testing.app(), "production", { settings: production, remoteState, kept }));
const ignored = (kept: Kept, type: string) =>
  (synth(kept).only(type)["lifecycle"] as { ignore_changes?: readonly string[] }).ignore_changes;

test("kept attributes are ignored, beside those that always are, and a launch template keeps its conditions", () => {
  expect(ignored(KEPT, "aws_autoscaling_group")).toEqual(["desired_capacity", "health_check_grace_period", "name"]);
  expect(synth(KEPT).only("aws_launch_template")["lifecycle"]).toMatchObject({
    ignore_changes: ["metadata_options"],
    precondition: [{}, {}],
  });
});

test("what is created later is not there, nor its outputs; nothing else differs", () => {
  const all = synth(NOTHING_KEPT);
  const kept = synth({ kept: [], later: [ENDPOINT, BASTION] });
  expect(all.addresses.filter((address) => !kept.addresses.includes(address))).toEqual([BASTION, ENDPOINT]);
  expect(Object.keys(all.outputs).filter((id) => kept.outputs[id] === undefined)).toEqual([
    "bastion_instance_id",
    "bastion_public_ip",
    "session_on_bastion",
    "ssh_to_bastion",
    "ssh_to_app",
  ]);
});

test("a synth says in one line how much is kept", () => {
  expect(keptLine("production", KEPT)).toBe(
    "takeover/production.json keeps 5 attributes as they are (2 would replace, 3 may interrupt) and 1 resources for later; npm run takeover -- production --release ADDRESS.ATTRIBUTE releases one.",
  );
  expect(keptLine("production", NOTHING_KEPT)).toBeUndefined();
});

test("the tools read what is kept, and not what is wished", () => {
  const stack = effective(stackOf(JSON.parse(synthWebApp().json) as SynthesizedStack), KEPT);
  expect(stack.of("aws_autoscaling_group")[0]?.values).toMatchObject({ health_check_grace_period: 120, name: "shop" });
  expect(stack.of("aws_vpc_endpoint")).toEqual([]);
});

test("what is kept of a setting is the setting as it is, and rules that it breaks are warnings", () => {
  const settings = withKept(production, keptSettings(KEPT));
  expect(settings).toMatchObject({
    fleet: { healthCheckGraceSeconds: 120 },
    names: { autoScalingGroup: "shop", loadBalancer: "shop" },
  });
  expect(brokenWhileKept("production", production, KEPT)).toEqual([
    expect.stringContaining("Kept as it is: production.fleet.healthCheckGraceSeconds: 120 must be at least 210"),
    expect.stringContaining("Kept as it is: production.scaling.periodSeconds: 60 must be at least 300"),
  ]);
  expect(brokenWhileKept("production", production, NOTHING_KEPT)).toEqual([]);
});

test.each(SETTINGS.map(([construct, , setting]) => [construct, setting] as const))(
  "%s has the setting %s, and both exist",
  (construct, setting) => {
    expect(synthWebApp().made(construct)).toBeDefined();
    const parent = valueAt(production, setting.split(".").slice(0, -1));
    expect(parent).toBeInstanceOf(Object);
  },
);

test("a review accepts what is kept, with the reason, and nothing else", () => {
  expect(acceptedWhileKept(KEPT)).toEqual([
    { id: "imdsv2", address: TEMPLATE, reason: "takeover keeps metadata_options until it is released" },
  ]);
});
