/** `cdktf synth` as it is called: the app command of cdktf.json in a process of its own. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { run } from "../src/machine/run";

const PROJECT = resolve(__dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "synth-"));
afterAll(() => rmSync(folder, { recursive: true }));

const { app } = JSON.parse(readFileSync(join(PROJECT, "cdktf.json"), "utf8")) as { app: string };

/** Without credentials, and with what else the test wants in the environment. */
async function synth(env: Record<string, string>): Promise<string[]> {
  const CDKTF_OUTDIR = mkdtempSync(join(folder, "out-"));
  const { PATH = "" } = process.env;
  const [program = "", ...args] = app.split(" ");
  expect(await run(program, args, { cwd: PROJECT, env: { PATH, CDKTF_OUTDIR, ...env } })).toMatchObject({
    code: 0,
    output: "",
  });
  return readdirSync(join(CDKTF_OUTDIR, "stacks")).sort();
}

test("has every real environment, and nothing of the emulator's, without any environment variable", async () => {
  expect(await synth({})).toEqual(["production", "remote-state"]);
});

test("has the emulated environment alone while the emulator's address is set", async () => {
  expect(await synth({ AWS_ENDPOINT_URL: "http://127.0.0.1:4566" })).toEqual(["local", "remote-state"]);
});

test.each(["https://aws.example.com", "http://192.168.1.2:4566", "http://127.0.0.1.example.com:80"])(
  "takes %s for no emulator: the emulated environment can reach no other machine",
  async (AWS_ENDPOINT_URL) => {
    expect(await synth({ AWS_ENDPOINT_URL })).toEqual(["production", "remote-state"]);
  },
);
