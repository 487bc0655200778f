/** What is still kept after a release. */
import type { Kept } from "../config/kept";
import { Problem } from "../machine/problem";

const ALL_HARMLESS = "all-harmless";

/**
 * @param what `ADDRESS.ATTRIBUTE`, the `ADDRESS` of a resource that is created later, or `all-harmless`
 * @throws Problem listing what there is
 */
export function released(kept: Kept, what: string): Kept {
  if (what === ALL_HARMLESS) {
    const rest = kept.kept.filter((each) => each.class !== "harmless");
    if (rest.length === kept.kept.length)
      throw new Problem(`Nothing that is harmless is kept: there is nothing to release`);
    return { ...kept, kept: rest };
  }
  const attribute = kept.kept.find((each) => nameOf(each) === what);
  if (attribute?.class === "replaces")
    throw new Problem(
      `${what} is kept for good: AWS cannot change it in place, so its release would replace the resource`,
    );
  if (attribute !== undefined) return { ...kept, kept: kept.kept.filter((each) => each !== attribute) };
  if (kept.later.includes(what)) return { ...kept, later: kept.later.filter((each) => each !== what) };
  const all = [...kept.kept.flatMap((each) => (each.class === "replaces" ? [] : nameOf(each))), ...kept.later];
  throw new Problem(
    `${what} is not kept; what can be released is ${all.length === 0 ? "nothing" : `all-harmless, or one of\n  ${all.join("\n  ")}`}`,
  );
}

export const nameOf = ({ address, attribute }: { readonly address: string; readonly attribute: string }) =>
  `${address}.${attribute}`;
