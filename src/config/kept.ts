/** What an environment that was taken over keeps as it is, whatever its settings say: `takeover/ENV.json`, which belongs in git. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { save, textIn } from "../machine/files";
import { PROJECT } from "../machine/project";
import { EMULATED } from "./emulated";
import { SettingsError } from "./validate";

/**
 * What a change of the attribute does: `replaces` the resource, `interrupts` what runs or may do so, or is `harmless`.
 */
const CLASSES = ["replaces", "interrupts", "harmless"] as const;
export type DifferenceClass = (typeof CLASSES)[number];

const keptSchema = z.strictObject({
  kept: z.array(
    z.strictObject({
      /** Of the resource, such as `aws_lb.load-balancer_30A23327`. */
      address: z.string(),
      attribute: z.string(),
      class: z.enum(CLASSES),
      /** As it is in AWS; ids of other resources are references to them. */
      is: z.json(),
      /** As the settings want it. */
      wanted: z.json(),
    }),
  ),
  /** Addresses of resources that do not exist yet, and are created when they are released. */
  later: z.array(z.string()),
});

export type Kept = z.infer<typeof keptSchema>;
export type KeptAttribute = Kept["kept"][number];

export const NOTHING_KEPT: Kept = { kept: [], later: [] };

/** Where it is written, in the folder of the project. */
export const keptFile = (environment: string): string => join("takeover", `${environment}.json`);

/**
 * @param emulated whether the environment is deployed to the emulator: there only the emulator's own can have been taken over
 * @throws SettingsError if the file is not one that `npm run takeover` has written
 */
export function keptIn(environment: string, emulated: boolean, project = PROJECT): Kept {
  const file = join(project, keptFile(environment));
  if ((emulated && environment !== EMULATED) || !existsSync(file)) return NOTHING_KEPT;
  try {
    return keptSchema.parse(JSON.parse(textIn(file)));
  } catch (error) {
    const what = error instanceof z.ZodError ? z.prettifyError(error).replaceAll("\n", " ") : (error as Error).message;
    throw new SettingsError([
      `${keptFile(environment)} is not what npm run takeover writes; take it back from git: ${what}`,
    ]);
  }
}

export function writeKept(environment: string, kept: Kept, project = PROJECT): void {
  mkdirSync(join(project, "takeover"), { recursive: true });
  save(keptFile(environment), join(project, keptFile(environment)), `${JSON.stringify(kept, null, 2)}\n`);
}

/** How much is kept, in one line; undefined where nothing is. */
export function keptLine(environment: string, { kept, later }: Kept): string | undefined {
  const counts = CLASSES.flatMap((one) => {
    const count = kept.filter((each) => each.class === one).length;
    return count === 0 ? [] : `${String(count)} ${MEANING[one]}`;
  });
  const parts = [
    ...(kept.length === 0 ? [] : [`${String(kept.length)} attributes as they are (${counts.join(", ")})`]),
    ...(later.length === 0 ? [] : [`${String(later.length)} resources for later`]),
  ];
  if (parts.length === 0) return undefined;
  return `${keptFile(environment)} keeps ${parts.join(" and ")}; npm run takeover -- ${environment} --release ADDRESS.ATTRIBUTE releases one.`;
}

const MEANING: Readonly<Record<DifferenceClass, string>> = {
  replaces: "would replace",
  interrupts: "may interrupt",
  harmless: "harmless",
};
