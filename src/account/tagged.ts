/** How the EC2 resources that have a tag `Name` are found by it. */
import type { EC2Client, Filter } from "@aws-sdk/client-ec2";
import type { Candidate } from "../adopt/finder";
import { byNameTag, type AccountType } from "./part";

/**
 * @param ask with the filters; the answer leaves out resources that are deleted and still listed. In a filter, `*` and `?` are
 * wildcards, so the answer is compared once more.
 */
export const tagged = (
  ask: (ec2: EC2Client, filters: Filter[]) => Promise<readonly Candidate[] | undefined>,
): AccountType => ({
  async find({ ec2 }, { name }) {
    const found = (await ask(ec2, [byNameTag(name)])) ?? [];
    return found.filter(({ tags = [] }) => tags.some(({ Key, Value }) => Key === "Name" && Value === name));
  },
});
