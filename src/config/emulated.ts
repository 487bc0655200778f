/** The environment on the emulator, and the address by which a program knows that the emulator runs. */

/** Name of the environment; it exists only while the emulator's address is in the environment variables. */
export const EMULATED = "local";

/** The emulator's address: `AWS_ENDPOINT_URL`, if it points at this computer. */
export function emulatorAddress(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const address = env["AWS_ENDPOINT_URL"];
  return address !== undefined && /^http:\/\/127\.0\.0\.1:\d+$/.test(address) ? address : undefined;
}

/** Not a secret: the emulator accepts any key, and AWS refuses this one. */
export const EMULATOR_CREDENTIALS = { accessKeyId: "emulator", secretAccessKey: "emulator" };
