/** Values that several sections have, in the settings of a fleet, a bastion or a bucket. */
import { derive } from "../../src/config/derive";
import { environments } from "../../src/config/environments";
import { environmentProblems } from "../../src/config/validate";

const { production } = environments;
const logsIn = (bucket: string) =>
  environmentProblems(
    "production",
    derive(production, { loadBalancer: { accessLogs: { bucket, retentionDays: 30 } } }),
  );

test.each([
  ["sthree-my-logs", "begins with what S3 reserves"],
  ["sthree-configurator-logs", "begins with what S3 reserves"],
  ["xn--logs", "begins with what S3 reserves"],
  ["amzn-s3-demo-bucket", "begins with what S3 reserves"],
  ["logs-s3alias", "ends with what S3 reserves"],
  ["logs--ol-s3", "ends with what S3 reserves"],
  ["logs--use1-az4--x-s3", "ends with what S3 reserves"],
  ["logs--table-s3", "ends with what S3 reserves"],
  ["logs-111122223333-us-west-2-an", "ends with what S3 reserves"],
  ["logs.mrap", "is not a bucket name"],
  ["192.168.5.4", "is not a bucket name"],
  ["my..logs", "is not a bucket name"],
  ["Logs", "is not a bucket name"],
  ["my_logs", "is not a bucket name"],
  ["-logs", "is not a bucket name"],
  ["logs-", "is not a bucket name"],
  ["ab", "is not a bucket name"],
  ["a".repeat(64), "is not a bucket name"],
])("%s %s", (bucket, problem) => {
  expect(logsIn(bucket)).toEqual([expect.stringContaining(problem)]);
});

test.each(["the-logs", "a1b", "a".repeat(63), "sthree", "my-sthree-logs", "s3alias", "logs-s3", "plan"])(
  "%s is a bucket's name",
  (bucket) => {
    expect(logsIn(bucket)).toEqual([]);
  },
);

const healthy = (matcher: string) =>
  environmentProblems("production", derive(production, { targetGroup: { healthCheck: { matcher } } }));

test.each(["200", "200-302", "200,202", "200,202,302", "200-200", "499"])("%s are status codes", (matcher) => {
  expect(healthy(matcher)).toEqual([]);
});

test.each(["", "2xx", "199", "500", "200-500", "302-200", "200-", "200,", "200-202,302", "200, 202", "20"])(
  "%j are no status codes of a healthy answer",
  (matcher) => {
    expect(healthy(matcher)).toEqual([expect.stringContaining("is not a range or list of status codes")]);
  },
);
