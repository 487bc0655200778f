/** What the commands say of what a takeover keeps. */
import { keptIn, keptLine, type Kept } from "../config/kept";
import { warningsOf, type Settings } from "../config/schema";
import { environmentProblems } from "../config/validate";
import type { Workspace } from "../deploy/workspace";
import { keptSettings, withKept } from "../resources/kept-settings";

/** Rules of the settings that what is kept breaks: refused in the settings, and a warning while it is kept, a line each. */
export function brokenWhileKept(environment: string, settings: Settings, kept: Kept): string[] {
  // Names have AWS's own limits, which what exists keeps.
  const values = keptSettings(kept).filter(({ path }) => !path.startsWith("names."));
  return environmentProblems(environment, withKept(settings, values)).map((problem) => `Kept as it is: ${problem}`);
}

/** All warnings of an environment, and how much of it is kept. */
export function allWarnings({ environment, settings, emulated }: Workspace): string[] {
  const kept = keptIn(environment, emulated);
  const line = keptLine(environment, kept);
  return [
    ...(line === undefined ? [] : [line]),
    ...warningsOf(settings),
    ...(line === undefined ? [] : brokenWhileKept(environment, settings, kept)),
  ];
}
