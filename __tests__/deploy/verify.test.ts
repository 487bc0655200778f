/** What is checked of an environment that was taken over: what is kept, and not what is wished. */
import { environments } from "../../src/config/environments";
import { NOTHING_KEPT, type Kept } from "../../src/config/kept";
import { derive } from "../../src/config/derive";
import { asInAws, isKept } from "../../src/deploy/verify";
import { fact } from "../../src/verify/fact";
import { check } from "../../src/verify/verify";

const { production } = environments;

test("the checks have the names in AWS, of key pairs as well", () => {
  const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDx operator";
  const settings = derive(production, { fleet: { keyPair: { name: "nn", publicKey } } });
  const { names, fleet, bastion } = asInAws("staging", settings);
  expect(names).toMatchObject({ style: "fixed", vpc: "staging-myvpc", highCpuAlarm: "staging-cpu-high" });
  expect([fleet.keyPair, bastion?.keyPair]).toEqual([{ name: "staging-nn" }, { name: "host" }]);
  expect(asInAws("production", production)).toEqual(production);
});

const kept = (attribute: string, later: readonly string[] = []): Kept => ({
  kept: [
    {
      address: "aws_launch_template.fleet_launch-template_3FB9E38C",
      attribute,
      class: "interrupts",
      is: [],
      wanted: [],
    },
  ],
  later: [...later],
});

test.each([
  ["nothing is kept", NOTHING_KEPT, false],
  ["something of its resource is kept", kept("metadata_options"), true],
])("a check that fails where %s", (_, all, passes) => {
  const wrong = fact("instance metadata", "required", "optional", "fleet/launch-template");
  const result = () => check("production", [{ ...wrong, isKept: isKept(wrong, all) }]);
  if (passes) expect(result()).toBe(1);
  else expect(result).toThrow("production: instance metadata: should be required, is optional");
});

test("a check of another resource fails all the same", () => {
  const wrong = fact("listener", 80, 81);
  expect(isKept(wrong, kept("metadata_options"))).toBe(false);
});
