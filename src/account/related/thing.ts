/** How an answer of AWS becomes something that may be a resource. */
import type { Thing } from "../../takeover/relation";
import type { Tags } from "../part";

const valueOf = (tags: Tags | undefined, key: string) => tags?.find(({ Key }) => Key === key)?.Value;

/** @param called what a person knows it by; left out, its tag `Name` */
export const thing = (id: string | undefined, tags?: Tags, called = valueOf(tags, "Name")): readonly Thing[] =>
  id === undefined ? [] : [{ id, called, cloudFormation: valueOf(tags, "aws:cloudformation:stack-name") }];
