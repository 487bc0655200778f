import { metadataOf, type Instance } from "../../../src/playground/servers/metadata";

const instance: Instance = {
  id: "i-0123456789abcdef0",
  imageId: "ami-02f2230845208fdc0",
  privateIp: "10.0.1.4",
  zone: "ap-south-1a",
  subnetId: "subnet-1",
  tags: { Name: "web-app", Environment: "production" },
};
const MAC = "02:00:0a:00:01:04";

test.each([
  ["instance-id", instance.id],
  ["ami-id", instance.imageId],
  ["local-ipv4", instance.privateIp],
  ["placement/availability-zone", "ap-south-1a"],
  ["placement/region", "ap-south-1"],
  ["mac", MAC],
  [`network/interfaces/macs/${MAC}/subnet-id`, "subnet-1"],
  ["tags/instance/Name", "web-app"],
  ["tags/instance", "Environment\nName"],
  ["placement/", "availability-zone\nregion"],
  ["network/interfaces/macs", `${MAC}/`],
  ["spot/instance-action", undefined],
  ["iam/security-credentials", undefined],
  ["public-ipv4", undefined],
  ["nothing", undefined],
])("meta-data/%s is %j", (path, value) => {
  expect(metadataOf(instance, `/latest/meta-data/${path}`)).toBe(value);
});

test("the top lists what there is", () => {
  expect(metadataOf(instance, "/latest/")).toBe("dynamic/\nmeta-data/");
  expect(metadataOf(instance, "/latest")).toBe("dynamic/\nmeta-data/");
  expect(metadataOf(instance, "/")).toBeUndefined();
});

test("tags are there only if the launch template opens them", () => {
  const { id, imageId, privateIp, zone, subnetId } = instance;
  const closed = { id, imageId, privateIp, zone, subnetId };
  expect(metadataOf(closed, "/latest/meta-data/tags/instance/Name")).toBeUndefined();
  expect(metadataOf(closed, "/latest/meta-data/")).not.toContain("tags");
});

test("the identity document says which instance it is", () => {
  expect(JSON.parse(metadataOf(instance, "/latest/dynamic/instance-identity/document") ?? "")).toMatchObject({
    instanceId: instance.id,
    region: "ap-south-1",
  });
});
