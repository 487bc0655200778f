import { startMetadata, type MetadataService } from "../../../src/playground/servers/metadata";

let service: MetadataService;
beforeAll(async () => {
  const instance = { id: "i-1", imageId: "ami-1", privateIp: "10.0.1.4", zone: "ap-south-1a", subnetId: "subnet-1" };
  service = await startMetadata(instance);
});
afterAll(() => service.close());

const token = (ttl: string | undefined, headers = {}) =>
  fetch(`${service.endpoint}/latest/api/token`, {
    method: "PUT",
    headers: { ...headers, ...(ttl !== undefined && { "x-aws-ec2-metadata-token-ttl-seconds": ttl }) },
  });
const id = (headers = {}) => fetch(`${service.endpoint}/latest/meta-data/instance-id`, { headers });

test("answers with a token, as version 2 does", async () => {
  const answer = await token("60");
  expect(answer.headers.get("x-aws-ec2-metadata-token-ttl-seconds")).toBe("60");
  const value = await id({ "x-aws-ec2-metadata-token": await answer.text() });
  expect([value.status, await value.text()]).toEqual([200, "i-1"]);
});

test.each([{}, { "x-aws-ec2-metadata-token": "made-up" }])(
  "answers 401 to %j, as version 1 would ask",
  async (headers) => {
    expect((await id(headers)).status).toBe(401);
  },
);

test.each([undefined, "", "0", "21601", "1.5", "long"])("refuses a token for %j seconds", async (ttl) => {
  expect((await token(ttl)).status).toBe(400);
});

test("refuses a token to who came through a proxy", async () => {
  expect((await token("60", { "x-forwarded-for": "203.0.113.1" })).status).toBe(403);
});

test("a token ends", async () => {
  const value = await (await token("1")).text();
  const asked = async () => (await id({ "x-aws-ec2-metadata-token": value })).status;
  expect(await asked()).toBe(200);
  while ((await asked()) === 200) await new Promise((resolve) => setTimeout(resolve, 100));
  expect(await asked()).toBe(401);
});

test("nothing but reading", async () => {
  expect((await fetch(`${service.endpoint}/latest/meta-data/instance-id`, { method: "POST" })).status).toBe(405);
});
