/** What an environment that was taken over keeps as it is. */
import {
  Annotations,
  Aspects,
  DefaultTokenResolver,
  StringConcat,
  TerraformOutput,
  TerraformResource,
  Tokenization,
  type IAspect,
  type TerraformStack,
} from "cdktf";
import type { IConstruct } from "constructs";
import { keptLine, type Kept, type KeptAttribute } from "../config/kept";

/** `aws_lb.load-balancer_30A23327` */
const addressOf = (resource: TerraformResource) => `${resource.terraformResourceType}.${resource.friendlyUniqueId}`;

/** Adds the kept attributes to what each resource ignores. Twice is the same as once. */
class Keeping implements IAspect {
  constructor(private readonly kept: readonly KeptAttribute[]) {}

  visit(node: IConstruct): void {
    if (!(node instanceof TerraformResource)) return;
    const attributes = this.kept.filter(({ address }) => address === addressOf(node)).map((each) => each.attribute);
    const ignored = node.lifecycle?.ignoreChanges ?? [];
    if (attributes.length === 0 || ignored === "all") return;
    node.lifecycle = { ...node.lifecycle, ignoreChanges: [...new Set([...ignored, ...attributes])] };
  }
}

/** Leaves out what is created later, and the outputs that would be of it; nothing else refers to it. */
function leaveOut(stack: TerraformStack, later: readonly string[]): void {
  const created = stack.node
    .findAll()
    .filter((node) => node instanceof TerraformResource)
    .filter((node) => later.includes(addressOf(node)));
  const outputs = stack.node
    .findAll()
    .filter((node) => node instanceof TerraformOutput)
    .filter(({ value }) => {
      const text = JSON.stringify(Tokenization.resolve(value, { scope: stack, resolver: RESOLVER }));
      return later.some((address) => text.includes(`${address}.`));
    });
  for (const { node } of [...created, ...outputs]) node.scope?.node.tryRemoveChild(node.id);
}

const RESOLVER = new DefaultTokenResolver(new StringConcat());

/** Makes a whole stack keep it, and say so in one line at each synth. */
export function keep(stack: TerraformStack, environment: string, kept: Kept): void {
  const line = keptLine(environment, kept);
  if (line === undefined) return;
  Annotations.of(stack).addWarning(line);
  leaveOut(stack, kept.later);
  Aspects.of(stack).add(new Keeping(kept.kept));
}
