/** A plan, read once into the view that the review, the bill and the simulation share. */
import { configurationOf } from "./configuration";
import { failedChecks } from "./documents";
import type { ConfiguredProvider, OutputChange, PlanJson, PlannedModule, ResourceChange } from "./plan-json";
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
  /** Outputs that change, by name. */
  readonly outputChanges: readonly (readonly [name: string, change: OutputChange])[];
  /** Conditions that fail or cannot be evaluated, a line each. */
  readonly failedChecks: readonly string[];
  /** Changes that another plan will have, a line each. */
  readonly deferred: readonly string[];
  /** Whether this plan and its apply reach all that is configured: not with `-target`, or with deferred changes. */
  readonly complete: boolean;
  /** Changes outside of Terraform since the state was written. */
  readonly drift: readonly Pick<ResourceChange, "address" | "change">[];
}

export function readPlan(json: PlanJson): Plan {
  const { configuration, planned_values, resource_changes = [], resource_drift = [], variables = {} } = json;
  const declared = configuration?.root_module?.variables ?? {};
  const configured = configurationOf(json);
  const place = {
    region: configured.region,
    environment: environmentIn(defaultTags(configuration?.provider_config?.["aws"])),
  };

  const planned = managedIn(planned_values?.root_module ?? {}, configured.regionOf);
  const after = planned.map((resource) => ({
    ...resource,
    values: configured.referring(resource.address, resource.values),
  }));
  const changes = resource_changes
    .filter(({ mode }) => mode !== "data")
    .map((change) => ({ ...change, kind: kindOf(change) }));
  return {
    changes,
    before: stackFrom(resourcesBefore(after, changes, configured.regionOf), place),
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
    outputChanges: Object.entries(json.output_changes ?? {}).filter(([, { actions }]) => actions[0] !== "no-op"),
    failedChecks: failedChecks(json),
    deferred: (json.deferred_changes ?? []).map(
      ({ reason, resource_change: { address } }) => `${address}: ${reason.replaceAll("_", " ")}`,
    ),
    complete: json.complete !== false,
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

type RegionOf = (address: string, values: Values) => string | undefined;

function managedIn({ resources = [], child_modules = [] }: PlannedModule, regionOf: RegionOf): Resource[] {
  return [
    ...resources.flatMap(({ address, type, mode, values }) =>
      values === undefined || mode !== "managed" ? [] : { address, type, values, region: regionOf(address, values) },
    ),
    ...child_modules.flatMap((child) => managedIn(child, regionOf)),
  ];
}

function resourcesBefore(
  after: readonly Resource[],
  changes: readonly PlannedChange[],
  regionOf: RegionOf,
): Resource[] {
  const before = new Map(after.map((resource) => [resource.address, resource]));
  for (const { address, type, deposed, change } of changes) {
    if (deposed !== undefined) continue;
    if (change.before === null) before.delete(address);
    else before.set(address, { address, type, values: change.before, region: regionOf(address, change.before) });
  }
  return [...before.values()];
}

const defaultTags = (provider: ConfiguredProvider | undefined) => ({
  default_tags: (provider?.expressions?.default_tags ?? []).map(({ tags }) => ({ tags: tags?.constant_value ?? {} })),
});
