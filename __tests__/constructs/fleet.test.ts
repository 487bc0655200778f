import { environments } from "../../src/config/environments";
import { derive, type Differences } from "../../src/config/derive";
import type { Settings } from "../../src/config/schema";
import { synthWebApp } from "../support";

const { production } = environments;
const built = (differences: Differences<Settings> = {}) => synthWebApp(derive(production, differences));
const template = (differences?: Differences<Settings>) =>
  built(differences).at("aws_launch_template", "fleet/launch-template");
const group = (differences?: Differences<Settings>) =>
  built(differences).at("aws_autoscaling_group", "fleet/auto-scaling-group");

describe("launch template", () => {
  test("the group follows its latest version by number, or no new version would roll out", () => {
    const raw = built().only("aws_autoscaling_group")["launch_template"] as { version: string };
    expect(raw.version).toMatch(/^\$\{aws_launch_template\.[\w-]+\.latest_version\}$/);
    expect(JSON.stringify(built().only("aws_autoscaling_group"))).not.toMatch(/\$(Latest|Default)/);
  });

  test("instance metadata only with a token, and not from a container", () => {
    expect(template()["metadata_options"]).toMatchObject({
      http_endpoint: "enabled",
      http_tokens: "required",
      http_put_response_hop_limit: 1,
    });
  });

  test.each([
    ["required", "required"],
    [{ optional: "the old SDK in it knows no token" }, "optional"],
  ] as const)("fleet.metadataTokens %j: a token is %s", (metadataTokens, http_tokens) => {
    expect(template({ fleet: { metadataTokens } })["metadata_options"]).toMatchObject({ http_tokens });
  });

  test("one encrypted gp3 disk, at the name that the image itself has for its root", () => {
    const disks = built().only("aws_launch_template")["block_device_mappings"] as { device_name: string }[];
    expect(disks).toEqual([
      {
        device_name: expect.stringMatching(/^\$\{data\.aws_ami\..*\.root_device_name\}$/) as string,
        ebs: { volume_type: "gp3", volume_size: 8, encrypted: "true", delete_on_termination: "true" },
      },
    ]);
    expect(built().data("aws_ami")).toMatchObject([
      { filter: [{ name: "image-id", values: ["ami-02f2230845208fdc0"] }] },
    ]);
  });

  test.each([
    ["t3.micro", "unlimited", { cpu_credits: "unlimited" }],
    ["t4g.small", "standard", { cpu_credits: "standard" }],
    ["m7i.large", "unlimited", undefined],
  ] as const)("%s with %s credits says so, if it has credits at all", (instanceType, cpuCredits, expected) => {
    expect(template({ fleet: { instanceType, cpuCredits } })["credit_specification"]).toEqual(expected);
  });

  test("EBS-optimized where the type takes it, with monitoring as set", () => {
    expect(template()).toMatchObject({ ebs_optimized: "true", monitoring: { enabled: false } });
    expect(template({ fleet: { instanceType: "t2.micro" } })).not.toHaveProperty("ebs_optimized");
    expect(template({ fleet: { detailedMonitoring: true } })["monitoring"]).toEqual({ enabled: true });
  });

  test.each([
    ["t3.micro", "x86_64"],
    ["t4g.micro", "arm64"],
  ])("a plan fails unless the image is for a %s, and has room on the root volume", (instanceType, architecture) => {
    const { precondition } = template({ fleet: { instanceType, rootVolumeGib: 12 } })["lifecycle"] as {
      precondition: { condition: string; error_message: string }[];
    };
    expect(precondition).toMatchObject([
      {
        condition: expect.stringMatching(new RegExp(`architecture == "${architecture}"`)) as unknown,
        error_message: expect.stringContaining(`fleet.instanceType: ${instanceType} is ${architecture}`) as unknown,
      },
      {
        condition: expect.stringMatching(/block_device_mappings : .* <= 12\}$/) as unknown,
        error_message: expect.stringContaining("fleet.rootVolumeGib: 12 is less than") as unknown,
      },
    ]);
  });

  test("no network interface of its own, which AWS refuses beside the security groups", () => {
    expect(template()).not.toHaveProperty("network_interfaces");
  });

  test("tags instances, volumes and network interfaces like the group does: the provider's default tags do not reach them", () => {
    const tags = { Environment: "production", ManagedBy: "terraform", Project: "web-app", Name: "web-app_asg" };
    expect(template()["tag_specifications"]).toEqual(
      ["instance", "volume", "network-interface"].map((resource_type) => ({ resource_type, tags })),
    );
    expect(group()["tag"]).toEqual(
      Object.entries(tags).map(([key, value]) => ({ key, value, propagate_at_launch: true })),
    );
  });
});

describe("Auto Scaling group", () => {
  test("its present size belongs to the scaling: no deploy shrinks a busy group", () => {
    expect(group()).toMatchObject({ desired_capacity: 1, lifecycle: { ignore_changes: ["desired_capacity"] } });
  });

  test("launches a new instance before an old one is terminated, with one instance, too", () => {
    expect(group()["instance_maintenance_policy"]).toEqual({
      min_healthy_percentage: 100,
      max_healthy_percentage: 200,
    });
    expect(group()["instance_refresh"]).toEqual({
      strategy: "Rolling",
      preferences: {
        min_healthy_percentage: 100,
        max_healthy_percentage: 200,
        skip_matching: true,
        auto_rollback: true,
      },
    });
  });

  test("a first deploy whose instances never answer fails instead of succeeding with the site down", () => {
    expect(group()).toMatchObject({ min_elb_capacity: 1, wait_for_capacity_timeout: "10m" });
    expect(group({ fleet: { minSize: 0, desiredCapacity: 0 } })).not.toHaveProperty("min_elb_capacity");
    // It would want an exact count at every update, and race the alarms.
    expect(group()).not.toHaveProperty("wait_for_elb_capacity");
  });

  test("waits for the listener and for the route to the internet", () => {
    const waits = (built().only("aws_autoscaling_group")["depends_on"] as string[]).map((address) =>
      address.split("_").slice(0, -1).join("_"),
    );
    expect(waits).toEqual([
      "aws_lb_listener.load-balancer_listener",
      "aws_route.network_private-route-a",
      "aws_route.network_private-route-b",
    ]);
  });

  test("has all its metrics on, which are free", () => {
    expect(group()["enabled_metrics"]).toHaveLength(8);
    expect(group()["metrics_granularity"]).toBe("1Minute");
  });

  test("is attached to the target group by itself and nothing else", () => {
    expect(group()["target_group_arns"]).toEqual(["load-balancer/target-group"]);
    expect(built().count("aws_autoscaling_attachment")).toBe(0);
  });
});

describe("warm pool", () => {
  const warmPool = { state: "Stopped", minSize: 1, reuseOnScaleIn: true } as const;

  test("exists if its section does", () => {
    expect(group()).not.toHaveProperty("warm_pool");
    expect(group({ fleet: { warmPool: { ...warmPool, maxGroupPreparedCapacity: 3 } } })["warm_pool"]).toEqual({
      pool_state: "Stopped",
      min_size: 1,
      max_group_prepared_capacity: 3,
      instance_reuse_policy: { reuse_on_scale_in: true },
    });
    // AWS's own default is the difference to the group's greatest size.
    expect(group({ fleet: { warmPool } })["warm_pool"]).not.toHaveProperty("max_group_prepared_capacity");
  });

  test("hibernates only what was launched for it", () => {
    expect(template({ fleet: { warmPool } })).not.toHaveProperty("hibernation_options");
    expect(template({ fleet: { warmPool: { ...warmPool, state: "Hibernated" } } })["hibernation_options"]).toEqual({
      configured: true,
    });
  });
});
