import { environments } from "../../src/config/environments";
import { derive, type Differences } from "../../src/config/derive";
import type { Settings } from "../../src/config/schema";
import { synthWebApp } from "../support";

const { production } = environments;
const built = (differences: Differences<Settings> = {}) => synthWebApp(derive(production, differences));
const balancer = (differences?: Differences<Settings>) => built(differences).only("aws_lb");
const targetGroup = (differences?: Differences<Settings>) => built(differences).only("aws_lb_target_group");

test("drops requests with invalid headers, and waits for the internet gateway", () => {
  const production = built();
  expect(production.only("aws_lb")).toMatchObject({ drop_invalid_header_fields: true, idle_timeout: 60 });
  expect(production.only("aws_lb")["depends_on"]).toEqual([
    `aws_internet_gateway.${Object.keys(production.all("aws_internet_gateway"))[0] ?? ""}`,
  ]);
});

test("is protected from deletion unless a reason is given", () => {
  expect(balancer()["enable_deletion_protection"]).toBe(true);
  expect(
    balancer({ loadBalancer: { deletionProtection: { off: "a test takes it down" } } })["enable_deletion_protection"],
  ).toBe(false);
});

test("without access logs there is no bucket", () => {
  expect(balancer()).not.toHaveProperty("access_logs");
  expect(built().count("aws_s3_bucket")).toBe(0);
});

test("access logs are written to a closed, encrypted bucket, and are deleted after a while", () => {
  const logged = built({ loadBalancer: { accessLogs: { bucket: "the-logs", retentionDays: 30 } } });
  expect(logged.at("aws_lb", "load-balancer/load-balancer")["access_logs"]).toEqual({
    bucket: "load-balancer/access-logs/bucket/bucket",
    enabled: true,
  });
  expect(logged.only("aws_s3_bucket")["bucket"]).toBe("the-logs");
  expect(logged.only("aws_s3_bucket_public_access_block")).toMatchObject({
    block_public_acls: true,
    block_public_policy: true,
    ignore_public_acls: true,
    restrict_public_buckets: true,
  });
  // A load balancer cannot write with a KMS key.
  expect(JSON.stringify(logged.only("aws_s3_bucket_server_side_encryption_configuration"))).toContain(
    '"sse_algorithm":"AES256"',
  );
  expect(JSON.stringify(logged.only("aws_s3_bucket_lifecycle_configuration"))).toContain('"days":30');
  const statements = JSON.stringify(logged.data("aws_iam_policy_document"));
  expect(statements).toContain("aws:SecureTransport");
  expect(String(logged.only("aws_lb")["depends_on"])).toContain("aws_s3_bucket_policy.");
});

test.each(["ap-south-1", "eu-central-2", "mx-central-1"] as const)(
  "in %s, the service that delivers the logs may write them: the provider knows no account for newer regions",
  (region) => {
    const accessLogs = { bucket: "the-logs", retentionDays: 30 };
    const logged = built({
      region,
      network: { zones: [`${region}a`, `${region}b`] },
      loadBalancer: { accessLogs },
    });
    expect(logged.data("aws_elb_service_account")).toEqual([]);
    expect(logged.dataAt("aws_iam_policy_document", "load-balancer/access-logs/bucket/policy-document")).toMatchObject({
      statement: [
        { sid: "TlsOnly" },
        {
          actions: ["s3:PutObject"],
          principals: [{ type: "Service", identifiers: ["logdelivery.elasticloadbalancing.amazonaws.com"] }],
        },
      ],
    });
  },
);

test("a deregistering instance has a minute to finish its requests", () => {
  expect(targetGroup()["deregistration_delay"]).toBe("60");
  expect(targetGroup({ targetGroup: { deregistrationDelaySeconds: 0 } })["deregistration_delay"]).toBe("0");
});

test("the health check wants 200, in less than the interval", () => {
  expect(targetGroup()["health_check"]).toMatchObject({
    matcher: "200",
    timeout: 5,
    interval: 30,
    protocol: "HTTP",
    port: "traffic-port",
  });
});

test("a health check may want other codes", () => {
  const health = targetGroup({ targetGroup: { healthCheck: { matcher: "200-302" } } })["health_check"];
  expect(health).toMatchObject({ matcher: "200-302" });
});

test("a target group with a prefixed name has at most six characters of it, and is replaced without a gap", () => {
  const group = targetGroup({ names: { style: "prefix", targetGroup: "application" } });
  expect(group).toMatchObject({ name_prefix: "applic", lifecycle: { create_before_destroy: true } });
  expect(group).not.toHaveProperty("name");
  expect(targetGroup()).not.toHaveProperty("name_prefix");
  expect(targetGroup()).not.toHaveProperty("lifecycle");
});
