/** How the AWS SDK reaches the account, or the emulator, that an environment is deployed to. */
import { EMULATOR_CREDENTIALS } from "../config/emulated";

interface Reached {
  readonly env: NodeJS.ProcessEnv;
  readonly emulated: boolean;
}

export interface ClientConfig {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: typeof EMULATOR_CREDENTIALS;
  readonly forcePathStyle?: boolean;
}

/** For a real account the SDK finds endpoint and credentials by itself; for the emulator both are set here. */
export function clientConfig({ env, emulated }: Reached, region: string): ClientConfig {
  const endpoint = env["AWS_ENDPOINT_URL"];
  if (!emulated || endpoint === undefined) return { region };
  return { region, endpoint, credentials: EMULATOR_CREDENTIALS, forcePathStyle: true };
}
