import type { Settings } from "./schema";

/** A rule names the settings that it reads (it is skipped while one of them is wrong in itself) and the one that it blames. */
export interface Rule {
  readonly reads: readonly string[];
  readonly blames: string;
  readonly problem: (settings: Settings, environment: string) => string | undefined;
}
