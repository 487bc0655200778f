import { z } from "zod";
import type { Section } from "../section";

/** https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html */
const schema = z
  .record(
    z.string().regex(/^(?!aws:)[\w+\-=.:@]{1,128}$/, "is not a tag key (1 to 128 of A-Z a-z 0-9 + - = . _ : @)"),
    z.string().max(256),
  )
  .describe("Tags of every resource, launched instances and their volumes included");

export const tags: Section<typeof schema> = { schema };
