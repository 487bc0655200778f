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

interface ConfiguredResource {
  readonly address: string;
  /** Key in `provider_config`, such as `aws` or `aws.virginia`. */
  readonly provider_config_key?: string;
  readonly expressions?: Readonly<Record<string, { readonly references?: readonly string[] }>>;
}

export interface PlanJson {
  readonly format_version?: string;
  /** The references in the expression: `aws_subnet.a.id`, and `aws_subnet.a` as well. */
  readonly configuration?: {
    readonly provider_config?: Readonly<Record<string, ConfiguredProvider>>;
    readonly root_module?: {
      readonly resources?: readonly ConfiguredResource[];
      readonly variables?: Readonly<Record<string, { readonly default?: unknown; readonly sensitive?: boolean }>>;
    };
  };
  /** The values of all variables, of sensitive ones as well. */
  readonly variables?: Readonly<Record<string, { readonly value?: unknown }>>;
  readonly resource_changes?: readonly ResourceChange[];
  /** All resources and outputs after the apply, changed or not. */
  readonly planned_values?: {
    readonly root_module?: PlannedModule;
    readonly outputs?: Readonly<Record<string, { readonly sensitive?: boolean; readonly value?: unknown }>>;
  };
  /** The drift: changes outside of Terraform since the state was written. */
  readonly resource_drift?: readonly Pick<ResourceChange, "address" | "change">[];
}
