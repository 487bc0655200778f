/** Synthesizes what a test builds, and reads the result: cdktf's own matchers pass on any match, so counts and absence are here. */
import { Testing, TerraformStack } from "cdktf";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider";
import { environments, remoteState } from "../src/config/environments";
import type { Settings } from "../src/config/schema";
import { WebApp } from "../src/stacks/web-app";

type Attributes = Record<string, unknown>;

/** What Terraform will read. */
export class Synthesized {
  private readonly document: {
    readonly resource?: Record<string, Record<string, Attributes>>;
    readonly data?: Record<string, Record<string, Attributes>>;
    readonly output?: Record<string, Attributes>;
    readonly terraform: Attributes;
    readonly provider: Record<string, Attributes[]>;
  };

  /**
   * @param json for cdktf's own matchers, which take it without metadata
   * @param document the same with the metadata, so with the paths of the constructs
   */
  constructor(
    readonly json: string,
    document: object,
  ) {
    this.document = document as typeof this.document;
  }

  /** All resources of a type such as `aws_vpc`, by name. */
  all(type: string): Record<string, Attributes> {
    return this.document.resource?.[type] ?? {};
  }

  /** The types of all resources. */
  get types(): string[] {
    return Object.keys(this.document.resource ?? {});
  }

  count(type: string): number {
    return Object.keys(this.all(type)).length;
  }

  /** The only resource of a type; an error if there are none or more, which `toHaveResource` would not notice. */
  only(type: string): Attributes {
    const resources = Object.values(this.all(type));
    const [resource] = resources;
    if (resource === undefined || resources.length > 1)
      throw new Error(`${String(resources.length)} resources of type ${type}`);
    return resource;
  }

  /** The only resource of a type that has such attributes. */
  find(type: string, attributes: Attributes): Attributes {
    const wanted = Object.entries(attributes);
    const found = Object.values(this.all(type)).filter((resource) =>
      wanted.every(([key, value]) => JSON.stringify(resource[key]) === JSON.stringify(value)),
    );
    const [resource] = found;
    if (resource === undefined || found.length > 1) {
      throw new Error(`${String(found.length)} resources of type ${type} with ${JSON.stringify(attributes)}`);
    }
    return resource;
  }

  /**
   * The only resource of a type that was made at a path such as `network/vpc` below the stack; references in it read as the
   * paths of what they point at (`network/vpc` in place of `${aws_vpc.network_vpc_4E8F0223.id}`).
   */
  at(type: string, path: string): Attributes {
    const found = Object.values(this.all(type)).filter((resource) => pathOf(resource) === path);
    const [resource] = found;
    if (resource === undefined || found.length > 1) {
      throw new Error(`${String(found.length)} resources of type ${type} at ${path}`);
    }
    return JSON.parse(this.readable(JSON.stringify(resource))) as Attributes;
  }

  /** The same of whatever type: no two resources are made at one path. */
  made(path: string): Attributes {
    const types = Object.keys(this.document.resource ?? {});
    const [type, more] = types.filter((each) => Object.values(this.all(each)).some((one) => pathOf(one) === path));
    if (type === undefined || more !== undefined) throw new Error(`not one resource at ${path}`);
    return this.at(type, path);
  }

  private readable(json: string): string {
    return json.replaceAll(
      /\$\{(?:data\.)?([a-z_0-9]+)\.([\w-]+)\.[a-z_]+\}/g,
      (reference, type: string, name: string) => {
        const resource = this.document.resource?.[type]?.[name] ?? this.document.data?.[type]?.[name];
        return resource === undefined ? reference : pathOf(resource);
      },
    );
  }

  /** `type.name` of every resource and data source, sorted: what a state knows them by. */
  get addresses(): string[] {
    const list = (blocks: Record<string, Record<string, Attributes>> = {}, prefix = "") =>
      Object.entries(blocks).flatMap(([type, resources]) =>
        Object.keys(resources).map((name) => `${prefix}${type}.${name}`),
      );
    return [...list(this.document.resource), ...list(this.document.data, "data.")].sort();
  }

  /** The only data source of a type that was made at a path below the stack. */
  dataAt(type: string, path: string): Attributes {
    const [found, more] = this.data(type).filter((source) => pathOf(source) === path);
    if (found === undefined || more !== undefined) throw new Error(`not one data source of type ${type} at ${path}`);
    return found;
  }

  data(type: string): Attributes[] {
    return Object.values(this.document.data?.[type] ?? {});
  }

  get outputs(): Record<string, Attributes> {
    return this.document.output ?? {};
  }

  get terraform(): Attributes {
    return this.document.terraform;
  }

  get provider(): Attributes {
    return this.document.provider["aws"]?.[0] ?? {};
  }
}

/** Where a resource was made, below the stack. */
export function pathOf(resource: Attributes): string {
  return (resource["//"] as { metadata: { path: string } }).metadata.path.split("/").slice(1).join("/");
}

/** Synthesizes a stack, validations included; `build` puts into it what is to be looked at. */
export function synth(build: (stack: TerraformStack) => void): Synthesized {
  const stack = new TerraformStack(Testing.app(), "test");
  new AwsProvider(stack, "aws", { region: "ap-south-1" });
  build(stack);
  return synthStack(stack);
}

/** Synthesizes a whole stack, validations included. */
export function synthStack(stack: TerraformStack): Synthesized {
  stack.prepareStack();
  return new Synthesized(Testing.synth(stack, true), JSON.parse(JSON.stringify(stack.toTerraform())) as object);
}

/** The whole stack of an environment, production's unless said otherwise. */
export function synthWebApp(
  settings: Settings = environments.production,
  environment = "production",
  emulated = false,
): Synthesized {
  return synthStack(new WebApp(Testing.app(), environment, { settings, remoteState, emulated }));
}
