/** The environment on the emulator, and how it is known that the emulator runs. */

/** Name of the environment; it exists only while the emulator's address is in the environment variables. */
export const EMULATED = "local";

/** The emulator's address: `AWS_ENDPOINT_URL` where it points at this machine itself. */
export function emulatorAddress(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const address = env["AWS_ENDPOINT_URL"];
  return address !== undefined && /^http:\/\/127\.0\.0\.1:\d+$/.test(address) ? address : undefined;
}

/** No secret: the emulator takes any key, and AWS refuses this one. */
export const EMULATOR_CREDENTIALS = { accessKeyId: "emulator", secretAccessKey: "emulator" };
