/** The JSON that `terraform show -json` makes of a plan: https://developer.hashicorp.com/terraform/internals/json-format */
import { isDeepStrictEqual } from "node:util";
import type { Provider, SynthesizedStack } from "./synthesized";

export type Values = Readonly<Record<string, unknown>>;

export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  /** `managed`, or `data` for what is only read. */
  readonly mode?: string;
  /** Of what an interrupted replacement has left over: its key. The resource itself stands beside it. */
  readonly deposed?: string;
  /** Where a moved resource was. */
  readonly previous_address?: string;
  /** Why, such as `replace_because_cannot_update` or `delete_because_no_resource_config`. */
  readonly action_reason?: string;
  readonly change: {
    /** `no-op`, `create`, `read`, `update`, `delete`; both `delete` and `create`, in their order, for a replacement. */
    readonly actions: readonly string[];
    /** `true` for an attribute that is known only after the apply, or the parts of it that are. */
    readonly after_unknown?: Values;
    /** The attributes that force a replacement. */
    readonly replace_paths?: readonly (readonly (string | number)[])[];
    readonly importing?: object;
    readonly before: Values | null;
    readonly after: Values | null;
    /** `true` for a whole attribute that is sensitive, or the parts of it that are. */
    readonly before_sensitive?: Values | true;
    readonly after_sensitive?: Values | true;
  };
}

export interface PlannedResource {
  readonly address: string;
  readonly type: string;
  readonly mode: string;
  readonly values: Values;
}

interface PlannedModule {
  readonly resources?: readonly (Omit<PlannedResource, "values"> & { readonly values?: Values })[];
  readonly child_modules?: readonly PlannedModule[];
}

interface ConfiguredProvider {
  readonly expressions?: {
    readonly region?: { readonly constant_value?: string; readonly references?: readonly string[] };
    readonly default_tags?: readonly {
      readonly tags?: { readonly constant_value?: Readonly<Record<string, string>> };
    }[];
  };
}

interface ConfiguredVariable {
  readonly default?: unknown;
  readonly sensitive?: boolean;
}

interface ConfiguredResource {
  readonly address: string;
  readonly expressions?: Readonly<Record<string, { readonly references?: readonly string[] }>>;
}

export interface Plan {
  /** What the values were made of: `aws_subnet.a.id`, and `aws_subnet.a` once more. */
  readonly configuration?: {
    readonly provider_config?: Readonly<Record<string, ConfiguredProvider>>;
    readonly root_module?: {
      readonly resources?: readonly ConfiguredResource[];
      readonly variables?: Readonly<Record<string, ConfiguredVariable>>;
    };
  };
  /** Their values, also of those that are sensitive. */
  readonly variables?: Readonly<Record<string, { readonly value?: unknown }>>;
  readonly resource_changes?: readonly ResourceChange[];
  /** Everything as it will be after the apply, changed or not. */
  readonly planned_values?: {
    readonly root_module?: PlannedModule;
    readonly outputs?: Readonly<Record<string, { readonly sensitive?: boolean; readonly value?: unknown }>>;
  };
  /** What has changed outside of Terraform since the state was written. */
  readonly resource_drift?: readonly Pick<ResourceChange, "address" | "change">[];
}

/**
 * Everything that will stand after the apply, what modules have in them included. What a `removed` block lets go is listed by
 * Terraform as well, without values: it is nobody's from then on.
 */
export function plannedResources({ planned_values }: Plan): PlannedResource[] {
  const inside = ({ resources = [], child_modules = [] }: PlannedModule): PlannedResource[] => [
    ...resources.flatMap(({ values, ...resource }) => (values === undefined ? [] : { ...resource, values })),
    ...child_modules.flatMap(inside),
  ];
  return inside(planned_values?.root_module ?? {});
}

/** The variables, each with its value and what is declared of it. */
export function variablesOf({ variables = {}, configuration }: Plan) {
  const declared = configuration?.root_module?.variables ?? {};
  return Object.entries(variables).map(([name, { value }]) => ({ name, value, ...declared[name] }));
}

/** What will stand after the apply, in the form that is synthesized: what is known only then is what it refers to. */
export function stackOf(plan: Plan): SynthesizedStack {
  const { configuration } = plan;
  const configured = new Map(configuration?.root_module?.resources?.map((each) => [each.address, each.expressions]));
  const resource: Record<string, Record<string, Values>> = {};
  for (const { address, type, mode, values } of plannedResources(plan)) {
    if (mode !== "managed") continue;
    const references = Object.entries(configured.get(address) ?? {}).map(([name, expression]) => [
      name,
      (expression.references ?? []).filter((each) => each.split(".").length > 2).map((each) => `\${${each}}`),
    ]);
    const known = Object.entries(values).filter(
      ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
    );
    (resource[type] ??= {})[nameIn(address, type)] = Object.fromEntries([...references, ...known]) as Values;
  }
  return { resource, provider: { aws: [providerOf(plan)] } };
}

/** What stands before the apply: what does not change is as planned, what is created is not there. */
export function stackBefore(plan: Plan): SynthesizedStack {
  const { resource = {} } = stackOf(plan);
  const before = Object.fromEntries(Object.entries(resource).map(([type, named]) => [type, { ...named }]));
  for (const { address, type, mode, deposed, change } of plan.resource_changes ?? []) {
    if (mode === "data" || deposed !== undefined) continue;
    const name = nameIn(address, type);
    if (change.before === null) Reflect.deleteProperty(before[type] ?? {}, name);
    else (before[type] ??= {})[name] = change.before;
  }
  return { resource: before };
}

/** `x` of `aws_lb.x`; of a module's resource all of it, which no other has. */
const nameIn = (address: string, type: string) =>
  address.startsWith(`${type}.`) ? address.slice(type.length + 1) : address;

/** The provider's block, as it is synthesized; a region may be a variable. */
function providerOf({ configuration, variables }: Plan): Provider {
  const { region, default_tags = [] } = configuration?.provider_config?.["aws"]?.expressions ?? {};
  const variable = region?.references?.[0]?.replace(/^var\./, "");
  const name = region?.constant_value ?? (variable === undefined ? undefined : variables?.[variable]?.value);
  return {
    ...(typeof name === "string" && { region: name }),
    default_tags: default_tags.map(({ tags }) => ({ tags: tags?.constant_value ?? {} })),
  };
}

/** What has changed outside of Terraform, an attribute a line; sensitive values are not told. */
export function driftOf(plan: Plan): string[] {
  return (plan.resource_drift ?? []).flatMap(({ address, change }) => {
    const { before, after } = change;
    if (after === null) return [`${address} is gone`];
    const changed = Object.keys(after)
      .filter((name) => !isDeepStrictEqual(before?.[name], after[name]))
      // A group's present size belongs to the scaling.
      .filter((name) => !(address.startsWith("aws_autoscaling_group.") && name === "desired_capacity"));
    return changed.map((name) => {
      const secret = [change.before_sensitive, change.after_sensitive].some((marks) =>
        isSensitive(marks === true || marks?.[name]),
      );
      const values = secret ? "(sensitive)" : `${JSON.stringify(before?.[name])} → ${JSON.stringify(after[name])}`;
      return `${address} ${name}: ${values}`;
    });
  });
}

/** Marks are `true` for what is sensitive, and lists and objects of marks for its parts. */
function isSensitive(marks: unknown): boolean {
  return marks === true || (typeof marks === "object" && marks !== null && Object.values(marks).some(isSensitive));
}
