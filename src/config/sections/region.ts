import { z } from "zod";
import { REGIONS } from "../../aws/regions";
import type { Section } from "../section";

/** One of AWS's regions. */
export const awsRegion = z.enum(REGIONS).meta({ title: "AWS regions" });

const schema = awsRegion.describe("AWS region of everything");

export const region: Section<typeof schema> = { schema };
