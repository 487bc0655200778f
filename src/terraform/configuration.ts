/** What a plan shows of the configuration: each resource's provider with its region, and the references in its attributes. */
import type { ConfiguredModule, ConfiguredProvider, Expressions, PlanJson } from "./plan-json";
import { regionIn } from "./region";
import { blocks, type Values } from "./values";

interface Configured {
  readonly provider?: string;
  readonly expressions: Expressions;
}

export interface Configuration {
  /** Region of the provider without an alias. */
  readonly region: string | undefined;
  /** Region of a resource: that which its own values show, or its provider's; undefined where it is not known. */
  readonly regionOf: (address: string, values: Values) => string | undefined;
  /** Values in the form of the synthesized JSON: unset ones are left out, unknown ones are references. */
  readonly referring: (address: string, values: Values) => Values;
}

export function configurationOf({ configuration = {}, variables = {} }: PlanJson): Configuration {
  const { provider_config: providers = {}, root_module = {} } = configuration;
  const resources = new Map(configuredIn(root_module, ""));
  const of = (address: string) => resources.get(address.replace(INDEX, ""));
  const region = providerRegion(providers["aws"], variables);
  return {
    region,
    regionOf(address, values) {
      const key = of(address)?.provider;
      return regionIn(values) ?? (key === undefined ? region : providerRegion(providers[key], variables));
    },
    referring: (address, values) => withReferences(values, of(address)?.expressions),
  };
}

/** `[0]` and `["a.b"]`, which the address of an instance has and that of its configuration has not. */
const INDEX = /\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g;

function configuredIn({ resources = [], module_calls = {} }: ConfiguredModule, prefix: string): [string, Configured][] {
  return [
    ...resources.map(({ address, provider_config_key: provider, expressions = {} }): [string, Configured] => [
      `${prefix}${address}`,
      { ...(provider !== undefined && { provider }), expressions: within(prefix, expressions) },
    ]),
    ...Object.entries(module_calls).flatMap(([name, { module = {} }]) =>
      configuredIn(module, `${prefix}module.${name}.`),
    ),
  ];
}

/** References in a module are to what is in the module. */
function within(prefix: string, expressions: Expressions): Expressions {
  if (prefix === "") return expressions;
  return Object.fromEntries(
    Object.entries(expressions).map(([name, found]) => [
      name,
      isBlocks(found)
        ? found.map((block) => within(prefix, block))
        : { references: found.references?.map((each) => `${prefix}${each}`) ?? [] },
    ]),
  );
}

/**
 * The configured region, or the value of the variable that configures it. A plan shows which variables an expression uses, not the
 * expression: what is made of a variable is no region's name, and then the region is not known.
 */
function providerRegion(provider: ConfiguredProvider | undefined, variables: NonNullable<PlanJson["variables"]>) {
  const { constant_value, references = [] } = provider?.expressions?.region ?? {};
  // Of a configuration that is JSON, `${var.region}` is a constant as well.
  const [variable, ...others] = references.map((each) => each.replace(/^var\./, ""));
  const isOne = variable !== undefined && others.length === 0 && Object.hasOwn(variables, variable);
  return regionIn({ region: isOne ? variables[variable]?.value : constant_value });
}

/** A value that is known to be null is unset; one that is not known is left out of a plan. */
function withReferences(values: Values, expressions: Expressions = {}): Values {
  const known = Object.entries(values).filter(
    ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
  );
  const referring = Object.entries(expressions).flatMap(([name, found]): [string, unknown][] => {
    if (isBlocks(found)) {
      // Several blocks may be in another order than in the configuration.
      const [[own, ...others], [first, ...more]] = [blocks(values, name), found];
      const isSingle = own !== undefined && first !== undefined && others.length + more.length === 0;
      return isSingle ? [[name, [withReferences(own, first)]]] : [];
    }
    const references = longest(found.references ?? []);
    return name in values || references.length === 0 ? [] : [[name, references.map((each) => `\${${each}}`)]];
  });
  return { ...Object.fromEntries(known), ...Object.fromEntries(referring) };
}

/** Terraform lists `aws_subnet.a.id` and then what it begins with, `aws_subnet.a`: only the former is in the expression. */
const longest = (references: readonly string[]) =>
  references.filter((each, index) => ![".", "["].some((next) => references[index - 1]?.startsWith(`${each}${next}`)));

const isBlocks = (found: Expressions[string]): found is readonly Expressions[] => Array.isArray(found);
