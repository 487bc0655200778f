/** How the AWS SDK reaches the account, or the emulator, that an environment is deployed to. */
import type { Agent } from "node:https";
import { EMULATOR_CREDENTIALS } from "../config/emulated";
import { proxyAgent } from "./proxy";

interface Reached {
  readonly env: NodeJS.ProcessEnv;
  readonly emulated: boolean;
}

export interface ClientConfig {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: typeof EMULATOR_CREDENTIALS;
  readonly forcePathStyle?: boolean;
  readonly profile?: string;
  readonly useFipsEndpoint?: boolean;
  readonly useDualstackEndpoint?: boolean;
  readonly requestHandler?: { readonly httpsAgent: Agent };
}

/**
 * For a real account the SDK finds endpoint and credentials by itself, and the proxy is that of the shell; for the emulator all is
 * set here. There the user's configuration must not be asked for anything, a FIPS endpoint for instance: no profile has this name.
 *
 * @throws Problem for a proxy that cannot be used
 */
export function clientConfig({ env, emulated }: Reached, region: string): ClientConfig {
  const endpoint = env["AWS_ENDPOINT_URL"];
  if (emulated && endpoint !== undefined)
    return {
      region,
      endpoint,
      credentials: EMULATOR_CREDENTIALS,
      forcePathStyle: true,
      profile: "(emulator)",
      useFipsEndpoint: false,
      useDualstackEndpoint: false,
    };
  const httpsAgent = proxyAgent(env);
  return { region, ...(httpsAgent && { requestHandler: { httpsAgent } }) };
}
