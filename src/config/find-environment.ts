/** Looks an environment up by its name. */
import { Problem } from "../machine/problem";
import { environments, remoteState } from "./environments";
import type { Settings } from "./schema";
import { validate, type Config } from "./validate";

export interface Environment {
  readonly environment: string;
  readonly settings: Settings;
  readonly remoteState: Config["remoteState"];
}

/**
 * @param environment its name, as the user enters it
 * @throws Problem listing the environments where there is none of that name; SettingsError where any environment is wrong
 */
export function findEnvironment(environment: string | undefined): Environment {
  const config = validate({ environments, remoteState });
  const settings = own(config.environments, environment);
  if (environment !== undefined && settings !== undefined)
    return { environment, settings, remoteState: config.remoteState };
  const known = `${Object.keys(config.environments).join(", ")} (src/config/environments.ts)`;
  throw new Problem(
    environment === undefined
      ? `Which environment? There are ${known}`
      : `${environment} is not an environment; there are ${known}`,
  );
}

/** Settings of the environment that a plan or stack belongs to by its tag, if there is one. */
export const settingsNamed = (environment: string | undefined): Settings | undefined => own(environments, environment);

const own = (all: Readonly<Record<string, Settings>>, name: string | undefined): Settings | undefined =>
  name !== undefined && Object.hasOwn(all, name) ? all[name] : undefined;
