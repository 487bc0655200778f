/** A stack as it is, and not as its settings want it. */
import type { Kept } from "../config/kept";
import { stackFrom, type Stack } from "../terraform/stack";

/** @returns the stack with what is kept in the place of what is wanted, and without what is created later */
export function effective(stack: Stack, { kept, later }: Kept): Stack {
  const resources = stack.resources
    .filter(({ address }) => !later.includes(address))
    .map((resource) => {
      const own = kept.filter(({ address }) => address === resource.address);
      return own.length === 0
        ? resource
        : {
            ...resource,
            values: { ...resource.values, ...Object.fromEntries(own.map((each) => [each.attribute, each.is])) },
          };
    });
  return stackFrom(resources, stack, stack.modules);
}
