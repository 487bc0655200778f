import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ask, readNote, writeNote } from "../../src/emulator/note";

const folder = mkdtempSync(join(tmpdir(), "note-"));
afterAll(() => rmSync(folder, { recursive: true }));

test.each(["", "null", "[]", "{", '{"address": "http://127.0.0.1:1", "pid": 1}', '{"address": 1, "pid": 1, "id": ""}'])(
  "the note %j is none",
  (text) => {
    writeFileSync(join(folder, "emulator.json"), text);
    expect(readNote(folder)).toBeUndefined();
  },
);

test("a note is read as it was written, and leaves no half of one", () => {
  const note = { address: "http://127.0.0.1:1", pid: 2, id: "three" };
  writeNote(folder, note);
  expect(readNote(folder)).toEqual(note);
  expect(readdirSync(folder)).toEqual(["emulator.json"]);
});

describe("whoever answers", () => {
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) server.close().closeAllConnections();
  });
  const addressOf = (answer: RequestListener) =>
    new Promise<string>((resolve) => {
      const server = createServer(answer).listen(0, "127.0.0.1", () =>
        resolve(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`),
      );
      servers.push(server);
    });
  const json = (value: unknown): RequestListener => {
    return (_, response) => response.end(JSON.stringify(value));
  };

  test.each<[what: string, answer: RequestListener, expected: unknown]>([
    ["with the note's id is the emulator, and says its process", json({ id: "mine", pid: 7 }), { pid: 7 }],
    ["with another id is a neighbour", json({ id: "theirs", pid: 8 }), "gone"],
    ["without an id is a stranger", (_, response) => response.end("<html>"), "gone"],
    ["with nothing is there, and busy", () => undefined, "silent"],
  ])("%s", async (_, answer, expected) => {
    expect(await ask({ address: await addressOf(answer), pid: 1, id: "mine" })).toEqual(expected);
  });

  test("nobody: the emulator is gone", async () => {
    const address = await addressOf(json({ id: "mine", pid: 7 }));
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(await ask({ address, pid: 1, id: "mine" })).toBe("gone");
    expect(await ask({ address: "somewhere", pid: 1, id: "mine" })).toBe("gone");
  });
});
