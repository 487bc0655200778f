import { environments, remoteState } from "../../src/config/environments";
import { findEnvironment, settingsNamed } from "../../src/config/find-environment";

test("an environment is found with its settings and the remote state", () => {
  expect(findEnvironment("production")).toEqual({
    environment: "production",
    settings: environments.production,
    remoteState,
  });
});

test.each([
  [undefined, "Which environment? There are production, local (src/config/environments.ts)"],
  ["prod", "prod is not an environment; there are production, local (src/config/environments.ts)"],
  ["", "is not an environment; there are production, local"],
  ["toString", "toString is not an environment"],
  ["__proto__", "__proto__ is not an environment"],
])("%s is not there: those that are, are listed", (name, message) => {
  expect(() => findEnvironment(name)).toThrow(message);
});

test("a plan that names no environment, or one of no settings, has none", () => {
  expect(settingsNamed("local")).toBe(environments.local);
  for (const name of [undefined, "staging", "constructor", "__proto__"]) expect(settingsNamed(name)).toBeUndefined();
});
