/** The load balancer, its listeners and target groups. */
import { HOURS, type Charged, type Item } from "../cost/model";
import { blocks, count, isReference, isTrue, type Values } from "../terraform/values";
import { addresses, fixed, used } from "./charges";
import type { ResourceTypes } from "./resource-type";

const isApplication = (values: Values) => (values["load_balancer_type"] ?? "application") === "application";

/**
 * A capacity unit is a gigabyte an hour, among other measures of which the greatest counts: the units follow the traffic.
 *
 * https://aws.amazon.com/elasticloadbalancing/pricing/
 */
const GB_OF_A_UNIT = 1;

const loadBalancerCost: Item = (values, { stack, usage: { loadBalancerCapacityUnits, gbOut } }) => {
  if (!isApplication(values))
    return [{ unpriced: "load balancers other than application load balancers are not in the price book" }];
  const balancers = stack.of("aws_lb").filter((each) => isApplication(each.values)).length;
  const units = Math.max(loadBalancerCapacityUnits, gbOut / HOURS / GB_OF_A_UNIT);
  return [
    fixed("load balancer", "alb.hour", HOURS),
    ...balancerAddresses(values),
    ...(blocks(values, "minimum_load_balancer_capacity").length > 0
      ? [{ unpriced: "its reserved capacity units are not in the price book" }]
      : []),
    used(
      "load balancer capacity units",
      "alb.lcu",
      (units * HOURS) / balancers,
      `${String(Math.round(10 * units) / 10)} on average`,
    ),
    used("data out to the internet", "transfer.out", gbOut / balancers, `${String(gbOut)} GB`),
  ];
};

/** At least one address in each of its zones; under load AWS adds more. */
function balancerAddresses(values: Values): Charged[] {
  const { internal, ip_address_type } = values;
  if (isTrue(internal) || ip_address_type === "dualstack-without-public-ipv4") return [];
  const zones = zonesOf(values);
  if (zones === undefined || [internal, ip_address_type].some(isReference))
    return [{ unpriced: "how many public IPv4 addresses it has is not known" }];
  return [addresses(zones)];
}

/** How many zones a load balancer is in; undefined where that is not known. */
export const zonesOf = (values: Values): number | undefined =>
  (count(values, "subnets") ?? NaN) || blocks(values, "subnet_mapping").length || undefined;

export const loadBalancer: ResourceTypes = {
  aws_lb: {
    cost: loadBalancerCost,
    precious: true,
    protection: {
      attribute: "enable_deletion_protection",
      cure: 'set loadBalancer.deletionProtection to { off: "REASON" }',
    },
    harmless: ["enable_deletion_protection"],
    policies: { "load-balancer-protection": (values) => values["enable_deletion_protection"] !== true },
    consequences: [
      {
        id: "load-balancer",
        on: ["replace", "delete"],
        sentence: ({ kind, change: { before } }) =>
          kind === "replace"
            ? `ALB ${String(before?.["name"])} is replaced: its DNS name changes, and nothing answers until the new one is active`
            : `ALB ${String(before?.["name"])} is deleted: the site is down`,
      },
    ],
  },

  aws_lb_target_group: {
    cost: "free",
    precious: true,
    consequences: [
      {
        id: "target-group",
        on: ["replace"],
        sentence: ({ change: { actions } }) =>
          actions[0] === "create"
            ? "target group is replaced, the new one first: instances must pass its health check before it serves"
            : 'target group is replaced while the listener uses it: AWS refuses (ResourceInUse); names.style: "prefix" cures it',
      },
    ],
  },

  aws_lb_listener: { cost: "free", precious: true },

  // The provider's alias of the type.
  aws_alb: { cost: "unpriced", precious: true },

  aws_acm_certificate: { cost: "unpriced", precious: true },
};
