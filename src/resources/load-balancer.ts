/** The load balancer, its listeners and target groups. */
import { HOURS, type Item } from "../cost/model";
import { count } from "../terraform/values";
import { addresses, fixed, used } from "./charges";
import type { ResourceTypes } from "./resource-type";

const loadBalancerCost: Item = (values, { stack, usage: { loadBalancerCapacityUnits, gbOut } }) => {
  const type = values["load_balancer_type"] ?? "application";
  if (type !== "application")
    return [{ unpriced: "load balancers other than application load balancers are not in the price book" }];
  const balancers = stack.of("aws_lb").length;
  return [
    fixed("load balancer", "alb.hour", HOURS),
    // At least one address in each of its zones; under load AWS adds more.
    ...(values["internal"] === true ? [] : [addresses(count(values, "subnets"))]),
    used(
      "load balancer capacity units",
      "alb.lcu",
      (loadBalancerCapacityUnits * HOURS) / balancers,
      `${String(loadBalancerCapacityUnits)} on average`,
    ),
    used("data out to the internet", "transfer.out", gbOut / balancers, `${String(gbOut)} GB`),
  ];
};

export const loadBalancer: ResourceTypes = {
  aws_lb: {
    cost: loadBalancerCost,
    precious: true,
    protection: {
      attribute: "enable_deletion_protection",
      cure: 'set loadBalancer.deletionProtection to { off: "REASON" }',
    },
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
