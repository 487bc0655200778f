/** What the playground's metrics are made of. */
import { Metrics, statisticOf, type Datapoint, type Statistic } from "../../src/playground/metrics";
import { dimensionOf, Requests } from "../../src/playground/requests";

const metric = { namespace: "AWS/X", name: "Y", dimensions: { A: "1", B: "2" } };
const point = (stamp: number, ...values: number[]): Datapoint => ({ ...metric, unit: "Count", stamp, values });

test.each<[Statistic, number]>([
  ["Average", 25],
  ["Sum", 100],
  ["Minimum", 10],
  ["Maximum", 40],
  ["SampleCount", 4],
  ["p50", 20],
  ["p99", 40],
])("%s of 10, 20, 30 and 40 is %d", (statistic, expected) => {
  expect(statisticOf(statistic, [40, 10, 30, 20])).toBe(expected);
  expect(statisticOf(statistic, [])).toBeUndefined();
});

test("periods end now, the newest first, and one without values has none", () => {
  const metrics = new Metrics();
  for (const each of [point(0, 1), point(60, 2, 4), point(180, 8)]) metrics.record(each);
  expect(metrics.window(metric, "Average", 240, 60, 4)).toEqual([8, undefined, 3, 1]);
  expect(metrics.window(metric, "Sum", 240, 120, 2)).toEqual([8, 7]);
  expect(metrics.window({ ...metric, dimensions: { B: "2", A: "1" } }, "Sum", 240, 240, 1)).toEqual([15]);
  expect(metrics.window({ ...metric, dimensions: { A: "1" } }, "Sum", 240, 240, 1)).toEqual([undefined]);
});

test("is published once", () => {
  const metrics = new Metrics();
  metrics.record(point(0, 1));
  expect(metrics.take()).toEqual([point(0, 1)]);
  expect(metrics.take()).toEqual([]);
});

const balancer = "arn:aws:elasticloadbalancing:ap-south-1:123456789012:loadbalancer/app/albb/1";
const targetGroup = "arn:aws:elasticloadbalancing:ap-south-1:123456789012:targetgroup/tg/2";
const LoadBalancer = "app/albb/1";
const TargetGroup = "targetgroup/tg/2";

test("answers become the load balancer's metrics, in AWS's names and for both of AWS's dimensions", () => {
  const requests = new Requests();
  const answer = { balancer, targetGroup, instance: "i-1", bytes: 1 };
  requests.add({ ...answer, status: 200, byBalancer: false, seconds: 0.1 });
  requests.add({ ...answer, status: 500, byBalancer: false, seconds: 0.3 });
  requests.add({ ...answer, instance: undefined, status: 503, byBalancer: true, seconds: 0 });
  const taken = requests.takeMinute(60);
  const values = (dimensions: object) =>
    Object.fromEntries(
      taken
        .filter((each) => JSON.stringify(each.dimensions) === JSON.stringify(dimensions))
        .map((each) => [each.name, each.values]),
    );
  const expected = {
    RequestCount: [2],
    HTTPCode_Target_2XX_Count: [1],
    HTTPCode_Target_5XX_Count: [1],
    TargetResponseTime: [0.1, 0.3],
    HTTPCode_ELB_5XX_Count: [1],
    HTTPCode_ELB_503_Count: [1],
  };
  expect(dimensionOf(balancer)).toBe(LoadBalancer);
  expect(values({ LoadBalancer })).toEqual(expected);
  expect(values({ TargetGroup, LoadBalancer })).toEqual(expected);
  expect(taken.every(({ stamp, namespace }) => stamp === 60 && namespace === "AWS/ApplicationELB")).toBe(true);
  expect(requests.takeMinute(120)).toEqual([]);
});

test("rates are of the last seconds, of one server or of all", () => {
  const requests = new Requests();
  const answer = { balancer, targetGroup, byBalancer: false, bytes: 1 };
  for (const instance of ["i-1", "i-1", "i-2"]) requests.add({ ...answer, instance, status: 200, seconds: 0.02 });
  requests.add({ ...answer, instance: "i-2", status: 502, seconds: 0.04 });
  expect(requests.rates({})).toMatchObject({ perSecond: 0.8, errorsPerSecond: 0.2, p50Ms: 20, p99Ms: 40 });
  expect(requests.rates({ instance: "i-1" })).toMatchObject({ perSecond: 0.4, errorsPerSecond: 0 });
  expect(requests.rates({ balancer: "another" })).toMatchObject({ perSecond: 0, p50Ms: undefined });
});
