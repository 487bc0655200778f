/** What holds for every settings object that is accepted, and that nothing broken is. */
import fc from "fast-check";
import { Address4 } from "ip-address";
import type { Settings } from "../src/config/schema";
import { environmentProblems } from "../src/config/validate";
import { nameProblem } from "../src/aws/names";
import { anySettings, RUNS } from "./any-settings";
import { synthWebApp } from "./support";

test("all accepted settings synthesize, and are safe", () => {
  fc.assert(
    fc.property(anySettings, (made) => {
      const stack = synthWebApp(made, "staging");

      const vpc = new Address4(made.network.cidr);
      const subnets = Object.values(stack.all("aws_subnet")).map(({ cidr_block }) => new Address4(String(cidr_block)));
      expect(subnets).toHaveLength(2 * made.network.zones.length);
      expect(subnets.filter((subnet) => !subnet.isInSubnet(vpc))).toEqual([]);
      expect(
        subnets.filter((one) =>
          subnets.some((other) => other !== one && (one.isInSubnet(other) || other.isInSubnet(one))),
        ),
      ).toEqual([]);

      const toTheInternet = Object.values(stack.all("aws_route")).filter((route) => "gateway_id" in route);
      expect(toTheInternet).toHaveLength(1);
      expect(stack.at("aws_route", "network/public-route")["route_table_id"]).toBe("network/public-route-table");
      for (const zone of made.network.zones) {
        const association = stack.at(
          "aws_route_table_association",
          `network/private-route-table-association-${zone.slice(-1)}`,
        );
        expect(association["route_table_id"]).toBe(`network/private-route-table-${zone.slice(-1)}`);
      }

      const ingress = Object.values(stack.all("aws_vpc_security_group_ingress_rule"));
      const openSsh = ingress.filter(
        ({ from_port, to_port, cidr_ipv4 }) =>
          cidr_ipv4 === "0.0.0.0/0" && Number(from_port) <= 22 && Number(to_port) >= 22,
      );
      expect(openSsh.length > 0).toBe(
        (made.bastion?.sshSources.includes("0.0.0.0/0") ?? false) || made.loadBalancer.port === 22,
      );
      const egress = Object.values(stack.all("aws_vpc_security_group_egress_rule"));
      for (const source of ingress.flatMap(({ referenced_security_group_id }) => referenced_security_group_id ?? [])) {
        expect(
          egress.filter(({ security_group_id, ip_protocol }) => security_group_id === source && ip_protocol === "-1"),
        ).toHaveLength(1);
      }

      // Whatever the kind: what watches is there, what only another kind has is not, and steps cover the way without a gap.
      const types = { simple: "SimpleScaling", step: "StepScaling", targetTracking: "TargetTrackingScaling" };
      const policies = Object.values(stack.all("aws_autoscaling_policy"));
      const byAlarms = made.scaling.kind !== "targetTracking";
      expect(policies.map(({ policy_type }) => policy_type)).toEqual(
        Array.from({ length: byAlarms ? 2 : 1 }, () => types[made.scaling.kind]),
      );
      expect(stack.count("aws_cloudwatch_metric_alarm")).toBe(byAlarms ? 2 : 0);
      expect(stack.count("aws_autoscaling_schedule")).toBe(Object.keys(made.scaling.schedules ?? {}).length);
      for (const { step_adjustment } of policies.filter((policy) => "step_adjustment" in policy)) {
        const intervals = (step_adjustment as Record<string, string | undefined>[])
          .map((step) => [
            Number(step["metric_interval_lower_bound"] ?? -Infinity),
            Number(step["metric_interval_upper_bound"] ?? Infinity),
          ])
          .sort(([a = 0], [b = 0]) => a - b);
        const [ends, begins] = [intervals.map(([, end]) => end), intervals.map(([begin]) => begin)];
        expect(ends.slice(0, -1)).toEqual(begins.slice(1));
        expect([
          [0, Infinity],
          [-Infinity, 0],
        ]).toContainEqual([begins[0], ends.at(-1)]);
      }

      const limits = {
        aws_lb: "loadBalancer",
        aws_lb_target_group: "targetGroup",
        aws_launch_template: "launchTemplate",
        aws_autoscaling_group: "autoScalingGroup",
        aws_security_group: "securityGroup",
        aws_iam_role: "role",
      } as const;
      for (const [type, kind] of Object.entries(limits)) {
        const named = Object.values(stack.all(type))
          .map((resource) => resource["name"])
          .filter((each) => typeof each === "string");
        expect(named.filter((each) => nameProblem(kind, each) !== undefined)).toEqual([]);
      }
    }),
    { numRuns: RUNS },
  );
});

const scaledBy = (...kinds: Settings["scaling"]["kind"][]) =>
  anySettings.filter(({ scaling: { kind } }) => kinds.includes(kind));
const byAlarms = scaledBy("simple", "step");

/** A field, values that it may not have, and the settings that have the field. */
const breakers: readonly (readonly [path: string, fc.Arbitrary<unknown>, of?: fc.Arbitrary<Settings>])[] = [
  ["region", fc.constantFrom("", "mars-1", 7)],
  ["network.cidr", fc.constantFrom("10.0.0.0/30", "10.0.0.0/8", "8.8.8.0/24", "10.0.0.1/16", "nonsense", "")],
  [
    "network.zones",
    fc.constantFrom([], ["ap-south-1a"], ["ap-south-1a", "ap-south-1a"], ["ap-south-1a", "eu-west-1a"]),
  ],
  ["network.nat", fc.constantFrom("two", true, null)],
  ["names.loadBalancer", fc.constantFrom("a_b", "x".repeat(40), "", "internal-lb-".repeat(3))],
  ["names.launchTemplate", fc.constantFrom("é", "x".repeat(200), 3)],
  ["names.autoScalingGroup", fc.constantFrom("a:b", "x".repeat(300))],
  ["names.vpc", fc.constantFrom("é", "x".repeat(300))],
  ["names.loadBalancerSecurityGroup", fc.constantFrom("a%", "x".repeat(300))],
  ["names.targetGroup", fc.constantFrom("a_b", "a-", "x".repeat(40))],
  ["names.highCpuAlarm", fc.constantFrom("x".repeat(300), 7)],
  ["names.instanceRole", fc.constantFrom("a/b", "x".repeat(70))],
  ["names.bastion", fc.constantFrom("a/b", null)],
  [
    "tags",
    fc.constantFrom(
      { "aws:mine": "x" },
      { "": "x" },
      { Name: "x".repeat(300) },
      { Team: "R&D" },
      { environment: "x" },
      "x",
    ),
  ],
  ["loadBalancer.idleTimeoutSeconds", fc.constantFrom(0, 4001, 1.5)],
  ["loadBalancer.accessLogs", fc.constantFrom({ bucket: "NO", retentionDays: 1 }, { bucket: "logs" }, true)],
  ["targetGroup.deregistrationDelaySeconds", fc.constantFrom(-1, 3601)],
  ["targetGroup.healthCheck.intervalSeconds", fc.constantFrom(4, 301)],
  ["targetGroup.healthCheck.healthyThreshold", fc.constantFrom(1, 11)],
  ["fleet.cpuCredits", fc.constantFrom("some", true)],
  ["fleet.keyPair", fc.constantFrom({ name: "" }, { name: "nn", publicKey: "-----BEGIN" }, "nn")],
  ["fleet.rootVolumeGib", fc.constantFrom(0, 16385)],
  ["fleet.startupSeconds", fc.constantFrom(0, 3601)],
  ["fleet.capacityTimeoutMinutes", fc.constantFrom(0, 61)],
  ["bastion", fc.constantFrom({}, { sshSources: ["0.0.0.0/0"] }, 7)],
  ["loadBalancer.port", fc.oneof(fc.integer({ max: 0 }), fc.integer({ min: 65536 }), fc.constant("80"))],
  ["loadBalancer.deletionProtection", fc.constantFrom(false, "off", { off: "" }, {})],
  ["targetGroup.port", fc.oneof(fc.integer({ max: 0 }), fc.integer({ min: 65536 }))],
  ["targetGroup.healthCheck.timeoutSeconds", fc.integer({ min: 30 })],
  ["targetGroup.healthCheck.path", fc.constantFrom("", "healthz", "/a b")],
  ["targetGroup.healthCheck.matcher", fc.constantFrom("", "ok", "500", "302-200", 200)],
  ["fleet.amiId", fc.constantFrom("", "ami-", "ami-123", "img-02f2230845208fdc0")],
  ["fleet.instanceType", fc.constantFrom("", "t3", "t3.tiny", "T3.micro")],
  ["fleet.minSize", fc.integer({ min: 6 })],
  ["fleet.maxSize", fc.integer({ max: 0 })],
  ["fleet.desiredCapacity", fc.integer({ min: 7 })],
  ["fleet.healthCheckGraceSeconds", fc.integer({ min: 0, max: 209 })],
  ["fleet.warmPool", fc.constantFrom("Stopped", {}, { state: "Asleep", minSize: 0, reuseOnScaleIn: true })],
  ["scaling.kind", fc.constantFrom("", "fast", 3, null)],
  ["scaling.schedules", fc.constantFrom([], { night: {} }, { night: { recurrence: "0 1 * * *", timeZone: "UTC" } })],
  ["scaling.periodSeconds", fc.constantFrom(0, 10, 30, 61, 299, 301), byAlarms],
  ["scaling.evaluationPeriods", fc.constantFrom(0, -1, 1.5, 5000), byAlarms],
  ["scaling.in.thresholdPercent", fc.integer({ min: 95, max: 200 }), byAlarms],
  ["scaling.out.thresholdPercent", fc.integer({ min: 101 }), byAlarms],
  ["scaling.out.cooldownSeconds", fc.constantFrom(-1, 86401, "300"), scaledBy("simple")],
  ["scaling.out.steps", fc.constantFrom([], [{ beyondPercent: 1, instances: 1 }], 3), scaledBy("step")],
  ["scaling.warmUpSeconds", fc.constantFrom(0, 119, 7201), scaledBy("step", "targetTracking")],
  ["scaling.targetPercent", fc.constantFrom(0, 9, 91, "50"), scaledBy("targetTracking")],
];

const broken = breakers.map(([path, values, of = anySettings]) => [path, values, of] as const);

test.each(broken)("nothing is accepted with a broken %s, and the line names it", (path, values, of) => {
  fc.assert(
    fc.property(of, values, (made, value) => {
      const broken = structuredClone(made) as unknown as Record<string, unknown>;
      const keys = path.split(".");
      const last = keys.pop() ?? "";
      let section = broken;
      for (const key of keys) section = section[key] as Record<string, unknown>;
      section[last] = value;
      expect(environmentProblems("staging", broken)).toContainEqual(expect.stringContaining(`staging.${path}`));
    }),
    { numRuns: RUNS },
  );
});
