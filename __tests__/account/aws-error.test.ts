import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { DescribeVpcsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { explained } from "../../src/account/aws-error";
import { Problem } from "../../src/machine/problem";

const keys = { accessKeyId: "x", secretAccessKey: "x" };
const region = "ap-south-1";
/** What the SDK throws. */
const thrown = (config: object): Promise<unknown> =>
  new EC2Client({ region, maxAttempts: 1, ...config })
    .send(new DescribeVpcsCommand({}))
    .catch((error: unknown) => error);
const lineOf = async (error: unknown) => {
  const problem = explained(await error);
  expect(problem).toBeInstanceOf(Problem);
  return (problem as Error).message;
};

test("credentials that are missing are a line, with what to do", async () => {
  const credentials = () =>
    Promise.reject(Object.assign(new Error("Could not load\ncredentials"), { name: "CredentialsProviderError" }));
  expect(await lineOf(thrown({ credentials, endpoint: "http://127.0.0.1:1" }))).toBe(
    "AWS does not know who you are (Could not load credentials); sign in, for instance with: aws configure sso",
  );
});

test("an AWS that cannot be reached is a line", async () => {
  expect(await lineOf(thrown({ credentials: keys, endpoint: "http://127.0.0.1:1" }))).toMatch(
    /^AWS cannot be reached: connect ECONNREFUSED/,
  );
});

test.each([
  ["AuthFailure", /^AWS does not know who you are \(not validated\); sign in/],
  ["RequestExpired", /^AWS does not know who you are/],
  ["UnauthorizedOperation", /^AWS refuses a request: UnauthorizedOperation: not validated$/],
])("an answer %s is a line", async (code, line) => {
  const body = `<Response><Errors><Error><Code>${code}</Code><Message>not validated</Message></Error></Errors><RequestID>1</RequestID></Response>`;
  const server = createServer((_, response) =>
    response.writeHead(401, { "content-type": "text/xml" }).end(body),
  ).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const endpoint = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    expect(await lineOf(thrown({ credentials: keys, endpoint }))).toMatch(line);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test("a fault of this program keeps its stack, and a problem its message", () => {
  const fault = new TypeError("x is not a function");
  expect(explained(fault)).toBe(fault);
  const problem = new Problem("which?");
  expect(explained(problem)).toBe(problem);
});
