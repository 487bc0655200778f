/**
 * Tags of every resource. The strictest of the services decides: IAM allows the fewest characters and compares keys without case,
 * and the launch template shows the tags in the instance metadata, where a key is part of an address.
 *
 * - https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html#id_tags_rules
 * - https://docs.aws.amazon.com/IAM/latest/APIReference/API_Tag.html (the pattern)
 * - https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/work-with-tags-in-IMDS.html
 * - https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html (`aws:`, 50 tags)
 */
import { z } from "zod";
import { ENVIRONMENT_TAG, tagsOf } from "../../aws/names";
import type { Section } from "../section";

const MAX_TAGS = 50;

const key = z
  .string()
  .regex(
    /^(?!aws:)(?!(\.{1,2}|_index)$)[\w+\-=.:@]{1,128}$/i,
    'is not a tag key: 1 to 128 of A-Z a-z 0-9 + - = . _ : @, not beginning with "aws:", and neither ".", ".." nor "_index"',
  );

const value = z
  .string()
  .max(256)
  .regex(
    /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/iu,
    'is not a tag value: letters, digits, spaces and _ . : / = + - @, not beginning with "aws:"',
  );

const schema = z
  .record(key, value)
  .superRefine((tags, context) => {
    for (const [key, message] of problems(Object.keys(tags)))
      context.addIssue({ code: "custom", path: [key], message });
    const all = new Set([...Object.keys(tagsOf("", tags)), "Name"]).size;
    if (all > MAX_TAGS)
      context.addIssue({
        code: "custom",
        message: `with ${ENVIRONMENT_TAG}, ManagedBy and Name would be ${String(all)} tags; AWS takes ${String(MAX_TAGS)}`,
      });
  })
  .describe(
    "Tags of every resource, launched instances and their volumes included; `Environment`, which the tools know an environment by, is set already",
  );

export const tags: Section<typeof schema> = { schema };

/** The tags that every environment has, in the case in which the review's policies ask for them. */
const OURS = ["Environment", "ManagedBy", "Project"];

function problems(keys: readonly string[]): [key: string, message: string][] {
  return keys.flatMap((key, index): [string, string][] => {
    const is = (other: string) => other.toLowerCase() === key.toLowerCase();
    if (is(ENVIRONMENT_TAG)) return [[key, "would replace the tag by which an environment is known: leave it out"]];
    const twin = OURS.find((ours) => is(ours) && ours !== key) ?? keys.slice(0, index).find(is);
    return twin === undefined ? [] : [[key, `has a twin, ${twin}: IAM compares the keys of tags without case`]];
  });
}
