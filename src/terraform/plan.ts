/** A plan, read once into the view that the review, the bill and the simulation share. */
import type { ConfiguredProvider, PlanJson, PlannedModule, ResourceChange } from "./plan-json";
import { environmentIn, stackFrom, type Resource, type Stack } from "./stack";
import type { Values } from "./values";

/** The most important first. */
export const KINDS = ["delete", "replace", "forget", "update", "move", "import", "create"] as const;
export type Kind = (typeof KINDS)[number];

/** The planned change of one resource. */
export interface PlannedChange extends ResourceChange {
  /** Undefined where nothing changes. */
  readonly kind: Kind | undefined;
}

/** A variable or an output with its value, also of a sensitive one. */
interface NamedValue {
  readonly name: string;
  readonly value: unknown;
  readonly sensitive: boolean;
  /** The declared default of a variable. */
  readonly default?: unknown;
}

export interface Plan {
  /** Changes of resources; data sources are left out. */
  readonly changes: readonly PlannedChange[];
  /** The stack before the apply: without what is created; what does not change is as planned. */
  readonly before: Stack;
  /** The stack after the apply: a value that is known only then is a reference. */
  readonly after: Stack;
  /**
   * All resources after the apply as Terraform writes them, modules included. Terraform also lists the resources that a `removed`
   * block takes out of the state, but without values; they are left out.
   */
  readonly planned: readonly Resource[];
  readonly variables: readonly NamedValue[];
  readonly outputs: readonly NamedValue[];
  /** Changes outside of Terraform since the state was written. */
  readonly drift: readonly Pick<ResourceChange, "address" | "change">[];
}

export function readPlan(json: PlanJson): Plan {
  const { configuration, planned_values, resource_changes = [], resource_drift = [], variables = {} } = json;
  const declared = configuration?.root_module?.variables ?? {};
  const configured = new Map(configuration?.root_module?.resources?.map((each) => [each.address, each]));
  const providers = configuration?.provider_config ?? {};
  const place = {
    region: regionOf(providers["aws"], variables),
    environment: environmentIn(defaultTags(providers["aws"])),
  };
  // A plan does not show which provider is passed to a module: the module's resources count as the default provider's.
  const regionAt = (address: string) => {
    const key = configured.get(address)?.provider_config_key ?? "aws";
    return key === "aws" ? place.region : regionOf(providers[key], variables);
  };

  const planned = managedIn(planned_values?.root_module ?? {}, regionAt);
  const after = planned.map((resource) => ({
    ...resource,
    values: withReferences(resource.values, configured.get(resource.address)?.expressions),
  }));
  const changes = resource_changes
    .filter(({ mode }) => mode !== "data")
    .map((change) => ({ ...change, kind: kindOf(change) }));
  return {
    changes,
    before: stackFrom(resourcesBefore(after, changes, regionAt), place),
    after: stackFrom(after, place),
    planned,
    variables: Object.entries(variables).map(([name, { value }]) => ({
      name,
      value,
      sensitive: declared[name]?.sensitive === true,
      default: declared[name]?.default,
    })),
    outputs: Object.entries(planned_values?.outputs ?? {}).map(([name, { value, sensitive = false }]) => ({
      name,
      value,
      sensitive,
    })),
    drift: resource_drift,
  };
}

function kindOf({ change, previous_address }: ResourceChange): Kind | undefined {
  const { actions, importing } = change;
  if (actions.includes("delete")) return actions.includes("create") ? "replace" : "delete";
  // A `removed` block takes the resource out of the state and leaves it in AWS; in a replacement, the old resource.
  if (actions.includes("forget")) return "forget";
  if (importing !== undefined) return "import";
  if (actions.includes("create")) return "create";
  if (actions.includes("update")) return "update";
  return previous_address === undefined ? undefined : "move";
}

function managedIn(
  { resources = [], child_modules = [] }: PlannedModule,
  regionAt: (address: string) => string | undefined,
): Resource[] {
  return [
    ...resources.flatMap(({ address, type, mode, values }) =>
      values === undefined || mode !== "managed" ? [] : { address, type, values, region: regionAt(address) },
    ),
    ...child_modules.flatMap((child) => managedIn(child, regionAt)),
  ];
}

/** Values in the form of the synthesized JSON: unset ones are left out, unknown ones are references. */
function withReferences(
  values: Values,
  expressions: Readonly<Record<string, { readonly references?: readonly string[] }>> = {},
): Values {
  const references = Object.entries(expressions).map(([name, { references: all = [] }]) => [
    name,
    all.filter((each) => each.split(".").length > 2).map((each) => `\${${each}}`),
  ]);
  const known = Object.entries(values).filter(
    ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries([...references, ...known]) as Values;
}

function resourcesBefore(
  after: readonly Resource[],
  changes: readonly PlannedChange[],
  regionAt: (address: string) => string | undefined,
): Resource[] {
  const before = new Map(after.map((resource) => [resource.address, resource]));
  for (const { address, type, deposed, change } of changes) {
    if (deposed !== undefined) continue;
    if (change.before === null) before.delete(address);
    else before.set(address, { address, type, values: change.before, region: regionAt(address) });
  }
  return [...before.values()];
}

/** The configured region, or the value of the variable that configures it. */
function regionOf(provider: ConfiguredProvider | undefined, variables: NonNullable<PlanJson["variables"]>) {
  const { constant_value, references } = provider?.expressions?.region ?? {};
  const variable = references?.[0]?.replace(/^var\./, "");
  const region = constant_value ?? (variable === undefined ? undefined : variables[variable]?.value);
  return typeof region === "string" ? region : undefined;
}

const defaultTags = (provider: ConfiguredProvider | undefined) => ({
  default_tags: (provider?.expressions?.default_tags ?? []).map(({ tags }) => ({ tags: tags?.constant_value ?? {} })),
});
