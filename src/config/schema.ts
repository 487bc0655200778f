/** The settings of an environment: a line a section, in the order in which they are documented. */
import { z } from "zod";
import { bucketsOf, rulesOf, schemasOf, warningsIn } from "./section";
import { bastion } from "./sections/bastion";
import { fleet } from "./sections/fleet";
import { loadBalancer } from "./sections/load-balancer";
import { names } from "./sections/names";
import { network } from "./sections/network";
import { region } from "./sections/region";
import { scaling } from "./sections/scaling";
import { tags } from "./sections/tags";
import { targetGroup } from "./sections/target-group";
import { usage } from "./sections/usage";

const sections = {
  region,
  tags,
  names,
  network,
  loadBalancer,
  targetGroup,
  fleet,
  scaling,
  bastion,
  usage,
};

export const settingsSchema = z.strictObject(schemasOf(sections));

export type Settings = z.infer<typeof settingsSchema>;

export const rules = rulesOf(sections);

/** Paths of the settings that name a bucket. */
export const bucketPaths = bucketsOf(sections);

/** Warnings about an environment's settings, a sentence or two each with the setting that cures it; the most urgent first. */
export const warningsOf = (settings: Settings) => warningsIn(sections, settings);
