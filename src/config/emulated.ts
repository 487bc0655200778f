/** The environment on the emulator, and the address by which a program knows that the emulator runs. */

/** Name of the environment that is for the emulator and for nothing else. */
export const EMULATED = "local";

/** Environment variable with the name of the environment that is tried on the emulator, where it is not that one. */
export const TRIED = "EMULATED_ENVIRONMENT";

/** Whether an environment is synthesized: on an emulator the one that is tried there, elsewhere all but the emulator's own. */
export const isHere = (name: string, env: Readonly<Record<string, string | undefined>>): boolean =>
  emulatorAddress(env) === undefined ? name !== EMULATED : name === (env[TRIED] ?? EMULATED);

/** The emulator's address: `AWS_ENDPOINT_URL`, if it points at this computer. */
export function emulatorAddress(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const address = env["AWS_ENDPOINT_URL"];
  return address !== undefined && /^http:\/\/127\.0\.0\.1:\d+$/.test(address) ? address : undefined;
}

/** Not a secret: the emulator accepts any key, and AWS refuses this one. */
export const EMULATOR_CREDENTIALS = { accessKeyId: "emulator", secretAccessKey: "emulator" };
