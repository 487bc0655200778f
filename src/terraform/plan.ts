/** The JSON that `terraform show -json` makes of a plan: https://developer.hashicorp.com/terraform/internals/json-format */
import { isDeepStrictEqual } from "node:util";
import type { SynthesizedStack } from "./synthesized";

export type Values = Readonly<Record<string, unknown>>;

export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  /** `managed`, or `data` for what is only read. */
  readonly mode?: string;
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

interface ConfiguredProvider {
  readonly expressions?: {
    readonly default_tags?: readonly {
      readonly tags?: { readonly constant_value?: Readonly<Record<string, string>> };
    }[];
  };
}

interface ConfiguredResource {
  readonly address: string;
  readonly expressions?: Readonly<Record<string, { readonly references?: readonly string[] }>>;
}

export interface Plan {
  /** What the values were made of: `aws_subnet.a.id`, and `aws_subnet.a` once more. */
  readonly configuration?: {
    readonly provider_config?: Readonly<Record<string, ConfiguredProvider>>;
    readonly root_module?: { readonly resources?: readonly ConfiguredResource[] };
  };
  readonly resource_changes?: readonly ResourceChange[];
  /** Everything as it will be after the apply, changed or not. */
  readonly planned_values?: { readonly root_module?: { readonly resources?: readonly PlannedResource[] } };
  /** What has changed outside of Terraform since the state was written. */
  readonly resource_drift?: readonly Pick<ResourceChange, "address" | "change">[];
}

/** What will stand after the apply, in the form that is synthesized: what is known only then is what it refers to. */
export function stackOf({ planned_values, configuration }: Plan): SynthesizedStack {
  const configured = new Map(configuration?.root_module?.resources?.map((each) => [each.address, each.expressions]));
  const resource: Record<string, Record<string, Values>> = {};
  for (const { address, type, mode, values } of planned_values?.root_module?.resources ?? []) {
    if (mode !== "managed") continue;
    const references = Object.entries(configured.get(address) ?? {}).map(([name, expression]) => [
      name,
      (expression.references ?? []).filter((each) => each.split(".").length > 2).map((each) => `\${${each}}`),
    ]);
    const known = Object.entries(values).filter(
      ([, value]) => value !== null && !(Array.isArray(value) && value.length === 0),
    );
    (resource[type] ??= {})[address.slice(type.length + 1)] = Object.fromEntries([...references, ...known]) as Values;
  }
  return { resource };
}

/** Which environment a plan is for, by the tag that everything in it gets. */
export function environmentOf({ configuration }: Plan): string | undefined {
  const [tags] = configuration?.provider_config?.["aws"]?.expressions?.default_tags ?? [];
  return tags?.tags?.constant_value?.["Environment"];
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
