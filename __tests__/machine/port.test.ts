import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { addressFor } from "../../src/machine/port";

/** A server of another program, on one of this machine's addresses. */
async function taken(host: string): Promise<{ port: string; end: () => void }> {
  const server = createServer().listen(0, host);
  await once(server, "listening");
  return { port: String((server.address() as AddressInfo).port), end: () => server.close() };
}

test("a free port is the URL to open, whichever addresses the server listens on", async () => {
  const { port, end } = await taken("127.0.0.1");
  end();
  expect(await addressFor("127.0.0.1", port)).toBe(`http://127.0.0.1:${port}`);
  expect(await addressFor("0.0.0.0", port)).toBe(`http://127.0.0.1:${port}`);
});

test("a port where another program answers is refused, with the command that takes the next one", async () => {
  const { port, end } = await taken("127.0.0.1");
  const next = String(Number(port) + 1);
  await expect(addressFor("0.0.0.0", port)).rejects.toThrow(
    `Port ${port} is taken; choose another: PORT=${next} npm run webapp`,
  );
  end();
});

test.each(["0", "65536", "http", "-1", ""])("PORT=%s is no port", (port) =>
  expect(addressFor("127.0.0.1", port)).rejects.toThrow(`PORT is ${port}: must be a port, such as 5001`),
);
