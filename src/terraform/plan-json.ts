/** The JSON that `terraform show -json` makes of a plan: https://developer.hashicorp.com/terraform/internals/json-format */
import type { Values } from "./values";

export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  /** `managed`, or `data` for a data source. */
  readonly mode?: string;
  /** The key of an old resource that an interrupted replacement left over; its replacement exists beside it. */
  readonly deposed?: string;
  /** The earlier address of a moved resource. */
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

/** As a resource's change; what is unknown or sensitive is so as a whole, or in parts. */
export interface OutputChange {
  readonly actions: readonly string[];
  readonly before: unknown;
  readonly after: unknown;
  readonly after_unknown?: unknown;
  readonly before_sensitive?: unknown;
  readonly after_sensitive?: unknown;
}

export interface PlannedModule {
  readonly resources?: readonly {
    readonly address: string;
    readonly type: string;
    readonly mode: string;
    readonly values?: Values;
  }[];
  readonly child_modules?: readonly PlannedModule[];
}

export interface ConfiguredProvider {
  readonly expressions?: {
    readonly region?: { readonly constant_value?: string; readonly references?: readonly string[] };
    readonly default_tags?: readonly {
      readonly tags?: { readonly constant_value?: Readonly<Record<string, string>> };
    }[];
  };
}

/** The references in an attribute's expression: `aws_subnet.a.id`, and `aws_subnet.a` as well. Blocks are lists of expressions. */
export type Expressions = Readonly<Record<string, Expression | readonly Expressions[]>>;
interface Expression {
  readonly references?: readonly string[];
}

export interface ConfiguredModule {
  readonly resources?: readonly {
    /** Inside its module, without indexes. */
    readonly address: string;
    /** Key in `provider_config`, such as `aws` or `aws.virginia`; in a module, that of the provider that is passed to it. */
    readonly provider_config_key?: string;
    readonly expressions?: Expressions;
  }[];
  readonly module_calls?: Readonly<Record<string, { readonly module?: ConfiguredModule }>>;
  readonly variables?: Readonly<Record<string, { readonly default?: unknown; readonly sensitive?: boolean }>>;
}

/** Conditions of a resource, an output, a variable or a `check` block. */
interface Check {
  readonly address: { readonly to_display: string };
  /** `pass`, `fail`, `error` (it cannot be evaluated) or `unknown` (not before the apply). */
  readonly status: string;
  readonly instances?: readonly {
    readonly address: { readonly to_display: string };
    readonly status: string;
    readonly problems?: readonly { readonly message: string }[];
  }[];
}

export interface PlanJson {
  readonly format_version?: string;
  readonly configuration?: {
    readonly provider_config?: Readonly<Record<string, ConfiguredProvider>>;
    readonly root_module?: ConfiguredModule;
  };
  /** The values of all variables, of sensitive ones as well. */
  readonly variables?: Readonly<Record<string, { readonly value?: unknown }>>;
  readonly resource_changes?: readonly ResourceChange[];
  /** Changes that Terraform cannot plan yet, each with its reason such as `resource_config_unknown`. */
  readonly deferred_changes?: readonly { readonly reason: string; readonly resource_change: ResourceChange }[];
  /** Also of outputs that do not change: their action is `no-op`. */
  readonly output_changes?: Readonly<Record<string, OutputChange>>;
  readonly checks?: readonly Check[];
  /** Whether the planning failed; what was planned until then is in the plan. */
  readonly errored?: boolean;
  /** False where another plan must follow the apply: after `-target`, or with deferred changes. */
  readonly complete?: boolean;
  /** All resources and outputs after the apply, changed or not. */
  readonly planned_values?: {
    readonly root_module?: PlannedModule;
    readonly outputs?: Readonly<Record<string, { readonly sensitive?: boolean; readonly value?: unknown }>>;
  };
  /** The drift: changes outside of Terraform since the state was written. */
  readonly resource_drift?: readonly Pick<ResourceChange, "address" | "change">[];
}
