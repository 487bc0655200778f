/** Another state, in which the same resources are managed until now: a file of Terraform's, or what `terraform state pull` prints. */
import { z } from "zod";
import { Problem } from "../machine/problem";
import type { Values } from "../terraform/values";

/** https://developer.hashicorp.com/terraform/language/state: its version 4, since Terraform 0.12. */
const stateSchema = z.object({
  version: z.literal(4),
  resources: z.array(
    z.object({
      mode: z.string(),
      type: z.string(),
      name: z.string(),
      module: z.string().optional(),
      instances: z.array(
        z.object({
          index_key: z.union([z.string(), z.number()]).optional(),
          attributes: z.record(z.string(), z.unknown()).optional(),
        }),
      ),
    }),
  ),
});

export interface OtherResource {
  readonly type: string;
  /** Without the key of an instance, as a `removed` block takes it. */
  readonly resource: string;
  /** With it, as `terraform state rm` takes it. */
  readonly address: string;
  /** As `terraform import` takes it. */
  readonly id: string;
}

/** @throws Problem if it is not such a state */
export function otherState(json: unknown, file: string): OtherResource[] {
  const parsed = stateSchema.safeParse(json);
  if (!parsed.success)
    throw new Problem(
      `${file} is not a Terraform state (version 4): name a terraform.tfstate, or what terraform state pull prints`,
    );
  return parsed.data.resources
    .filter(({ mode }) => mode === "managed")
    .flatMap(({ type, name, module, instances }) => {
      const resource = `${module === undefined ? "" : `${module}.`}${type}.${name}`;
      return instances.map(({ index_key: key, attributes = {} }) => ({
        type,
        resource: withoutKeys(resource),
        address: key === undefined ? resource : `${resource}[${JSON.stringify(key)}]`,
        id: importId(type, attributes),
      }));
    });
}

const withoutKeys = (address: string) => address.replace(/\[(\d+|"(?:[^"\\]|\\.)*")\]/g, "");

/** Where the id in the state is not the one for an import: https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs */
const IDS: Readonly<Record<string, (values: Values) => unknown>> = {
  aws_route: (values) => joined(values, "_", "route_table_id", "destination_cidr_block"),
  aws_route_table_association: (values) => joined(values, "/", "subnet_id", "route_table_id"),
  aws_autoscaling_policy: (values) => joined(values, "/", "autoscaling_group_name", "name"),
  aws_autoscaling_schedule: (values) => joined(values, "/", "autoscaling_group_name", "scheduled_action_name"),
  aws_iam_role_policy_attachment: (values) => joined(values, "/", "role", "policy_arn"),
  aws_security_group_rule: (values) => values["security_group_rule_id"],
};

const joined = (values: Values, by: string, ...names: readonly string[]) =>
  names.map((name) => String(values[name])).join(by);

function importId(type: string, values: Values): string {
  const id = IDS[type]?.(values) ?? values["id"];
  return typeof id === "string" ? id : "";
}

/** Types that are one rule of a security group each, which a rule of ours takes over under the same id. */
const SAME: Readonly<Record<string, readonly string[]>> = {
  aws_security_group_rule: ["aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"],
  aws_alb: ["aws_lb"],
  aws_alb_listener: ["aws_lb_listener"],
  aws_alb_target_group: ["aws_lb_target_group"],
};
const typesOf = (type: string) => SAME[type] ?? [type];

/** Ids by type. */
export function idsByType(resources: readonly OtherResource[]): Map<string, Set<string>> {
  const ids = new Map<string, Set<string>>();
  for (const { type, id } of resources)
    for (const each of typesOf(type)) ids.set(each, (ids.get(each) ?? new Set<string>()).add(id));
  return ids;
}

export interface LetGo {
  /** `removed` blocks, in HCL: https://developer.hashicorp.com/terraform/language/block/removed */
  readonly blocks: string;
  /** Addresses for `terraform state rm`. */
  readonly addresses: readonly string[];
  /** Addresses of what stays with the other state, since this environment does not have it. */
  readonly staying: readonly string[];
}

/** @param taken what this environment has now, by type and id. A resource is let go as a whole only if it is taken as a whole */
export function letGo(
  resources: readonly OtherResource[],
  taken: readonly { readonly type: string; readonly id: string }[],
): LetGo {
  const has = new Set(taken.map(({ type, id }) => `${type} ${id}`));
  const isTaken = ({ type, id }: OtherResource) => typesOf(type).some((each) => has.has(`${each} ${id}`));
  const staying = resources.filter((each) => !isTaken(each));
  const whole = [...new Set(resources.map(({ resource }) => resource))].filter(
    (resource) => !staying.some((each) => each.resource === resource),
  );
  const block = (from: string) => `removed {\n  from = ${from}\n  lifecycle {\n    destroy = false\n  }\n}\n`;
  return {
    blocks: whole.map(block).join("\n"),
    addresses: resources.filter(isTaken).map(({ address }) => address),
    staying: staying.map(({ address }) => address),
  };
}
