/** What a plan means, in sentences that take this deployment to know. */
import { pathIn } from "../terraform/addresses";
import { plannedResources, type Plan, type ResourceChange, type Values } from "../terraform/plan";
import { kindOf, type Kind } from "./changes";
import { FIREWALL, isInternet, sshSources } from "./ssh";

export interface Consequence {
  readonly rule: string;
  readonly sentence: string;
}

interface Rule {
  readonly id: string;
  readonly type: RegExp;
  readonly on: readonly Kind[];
  /** Nothing where the change does not mean that. */
  readonly sentence: (change: ResourceChange, plan: Plan) => string | undefined;
}

const GONE: readonly Kind[] = ["replace", "delete"];

export const rules: readonly Rule[] = [
  {
    id: "load-balancer",
    type: /^aws_lb$/,
    on: GONE,
    sentence: (change) =>
      kindOf(change) === "replace"
        ? `ALB ${name(change)} is replaced: its DNS name changes, and nothing answers until the new one is active`
        : `ALB ${name(change)} is deleted: the site is down`,
  },
  {
    id: "target-group",
    type: /^aws_lb_target_group$/,
    on: ["replace"],
    sentence: (change) =>
      change.change.actions[0] === "create"
        ? "target group is replaced, the new one first: instances must pass its health check before it serves"
        : 'target group is replaced while the listener uses it: AWS refuses (ResourceInUse); names.style: "prefix" cures it',
  },
  {
    id: "rolling-replacement",
    type: /^aws_launch_template$/,
    on: ["update"],
    sentence: rolling,
  },
  {
    id: "nat-address",
    type: /^aws_eip$/,
    on: GONE,
    sentence: ({ change }) =>
      `NAT address ${String(change.before?.["public_ip"])} changes: allow-lists at partners break`,
  },
  {
    id: "nat-route",
    type: /^aws_route$/,
    on: ["update"],
    sentence: ({ address, change: { before, after } }) =>
      before?.["nat_gateway_id"] && before["nat_gateway_id"] !== after?.["nat_gateway_id"]
        ? `what leaves by ${pathIn(address) ?? address} gets another address: it must be on partners' allow-lists first`
        : undefined,
  },
  {
    id: "desired-capacity",
    type: /^aws_autoscaling_group$/,
    on: ["update"],
    sentence({ change: { before, after } }) {
      const [was, is] = [before?.["desired_capacity"], after?.["desired_capacity"]];
      return is === undefined || was === is
        ? undefined
        : `desired capacity is set: a scaled-out group would ${Number(is) < Number(was) ? "shrink" : "change"} from ${String(Number(was))} to ${String(Number(is))}`;
    },
  },
  {
    id: "security-group",
    type: /^aws_security_group$/,
    on: ["replace"],
    sentence: (change) =>
      change.change.actions[0] === "create"
        ? undefined
        : `security group ${name(change)} is replaced while attached: this apply will hang; names.style: "prefix" cures it`,
  },
  {
    id: "ssh-opens",
    type: FIREWALL,
    on: ["create", "update", "replace"],
    sentence({ type, change: { before, after } }) {
      const [was, is] = [before, after].map((values) => sshSources(type, values ?? {}).some(isInternet));
      return is === true && was === false ? "port 22 opens to the internet" : undefined;
    },
  },
  {
    id: "subnet",
    type: /^aws_subnet$/,
    on: GONE,
    sentence: ({ change }) =>
      `subnet ${String(change.before?.["cidr_block"])} is replaced or deleted: instances in it go`,
  },
  {
    id: "fleet-deleted",
    type: /^aws_autoscaling_group$/,
    on: GONE,
    sentence: (change) => `Auto Scaling group ${name(change)} goes, and every server in it`,
  },
];

/** One sentence for each rule that speaks of a change; the same sentence once. */
export function consequences(plan: Plan): Consequence[] {
  const said = rules.flatMap(({ id, type, on, sentence }) =>
    (plan.resource_changes ?? []).flatMap((change) => {
      const kind = kindOf(change);
      const text =
        kind !== undefined && change.deposed === undefined && on.includes(kind) && type.test(change.type)
          ? sentence(change, plan)
          : undefined;
      return text === undefined ? [] : [{ rule: id, sentence: text }];
    }),
  );
  return said.filter(({ sentence }, index) => said.findIndex((other) => other.sentence === sentence) === index);
}

const name = ({ change }: ResourceChange) => String(change.before?.["name"]);

/**
 * The group goes through batches as large as the range between least and greatest healthy percentage of its size, the least
 * rounded up. Each waits for the instances' warm-up and then for the old ones' last requests. What the refresh does not say is
 * the group's maintenance policy's to say, or else 90 and 100 %; the warm-up is the group's default one, or else its grace period.
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html
 * https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_RefreshPreferences.html
 * https://docs.aws.amazon.com/autoscaling/ec2/userguide/understand-instance-refresh-default-values.html
 */
function rolling({ change: { before } }: ResourceChange, plan: Plan): string {
  const resources = plannedResources(plan);
  const launched = (values: Values | null | undefined) => first(values?.["launch_template"]);
  const { address, values: group } =
    resources.find(
      ({ type, values }) => type === "aws_autoscaling_group" && launched(values)["id"] === before?.["id"],
    ) ?? {};
  const version = `launch template v${String(Number(before?.["latest_version"]) + 1)}`;
  const refresh = blocks(group?.["instance_refresh"])[0];
  // The refresh begins when the group is given another version: not where that is left out, or no number.
  const change = plan.resource_changes?.find((each) => each.address === address)?.change;
  const [was, is] = [change?.before, change?.after].map((values) => launched(values)["version"]);
  if (group === undefined || refresh === undefined || was === is || String(is).startsWith("$"))
    return `${version}: no rolling replacement starts; only new instances get it`;
  const preferences = first(refresh["preferences"]);
  const maintenance = first(group["instance_maintenance_policy"]);
  const percent = (name: string, otherwise: number) =>
    Number(preferences[name] ?? maintenance[name] ?? otherwise) / 100;
  const size = Number(group["max_size"]);
  const [least, most] = [percent("min_healthy_percentage", 90), percent("max_healthy_percentage", 100)];
  const batch = Math.max(1, Math.floor(size * most) - Math.ceil(size * least));
  // The provider has 0 or an empty text where nothing is said.
  const warmUps = [
    preferences["instance_warmup"],
    group["default_instance_warmup"],
    group["health_check_grace_period"],
  ];
  const warmUp = warmUps.map(Number).find((seconds) => seconds > 0) ?? 0;
  const drain = resources.find(({ type }) => type === "aws_lb_target_group")?.values["deregistration_delay"] ?? 300;
  const minutes = Math.ceil((Math.ceil(size / batch) * (warmUp + Number(drain))) / 60);
  return `${version}: rolling replacement of up to ${String(size)} instances, ${String(batch)} at a time, about ${String(minutes)} minutes`;
}

const blocks = (value: unknown) => (value ?? []) as Values[];
const first = (value: unknown): Values => blocks(value)[0] ?? {};
