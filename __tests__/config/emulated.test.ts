import { isHere, TRIED } from "../../src/config/emulated";

const AWS_ENDPOINT_URL = "http://127.0.0.1:4566";

test.each([
  ["without an emulator: all but its own", {}, ["production", "staging"]],
  ["without an emulator, whatever is said to be tried", { [TRIED]: "local" }, ["production", "staging"]],
  ["on an emulator: its own", { AWS_ENDPOINT_URL }, ["local"]],
  ["on an emulator: the one that is tried", { AWS_ENDPOINT_URL, [TRIED]: "staging" }, ["staging"]],
])("environments %s", (_, env, expected) => {
  expect(["production", "staging", "local"].filter((name) => isHere(name, env))).toEqual(expected);
});
