/** The load balancer, found in its VPC; its listener by the port, and the target group by what the listener does. */
import {
  DescribeListenersCommand,
  DescribeTargetGroupsCommand,
  paginateDescribeLoadBalancers,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { DescribeSubnetsCommand } from "@aws-sdk/client-ec2";
import type { Relations } from "../../takeover/relation";
import { thing } from "./thing";

export const loadBalancer: Relations = {
  async aws_lb({ balancing, ec2 }, { needed }) {
    const SubnetIds = [await needed("subnets")];
    const vpc = (await ec2.send(new DescribeSubnetsCommand({ SubnetIds }))).Subnets?.[0]?.VpcId;
    const found = [];
    for await (const { LoadBalancers = [] } of paginateDescribeLoadBalancers({ client: balancing }, {}))
      found.push(...LoadBalancers);
    return found
      .filter(({ VpcId, Type, Scheme }) => VpcId === vpc && Type === "application" && Scheme === "internet-facing")
      .flatMap(({ LoadBalancerArn, LoadBalancerName }) => thing(LoadBalancerArn, undefined, LoadBalancerName));
  },

  async aws_lb_listener({ balancing }, { needed }) {
    const [LoadBalancerArn, port] = [await needed("load_balancer_arn"), await needed("port")];
    const { Listeners = [] } = await balancing.send(new DescribeListenersCommand({ LoadBalancerArn }));
    return Listeners.filter(({ Port }) => String(Port) === port).flatMap(({ ListenerArn, Protocol = "" }) =>
      thing(ListenerArn, undefined, `${Protocol}:${port}`),
    );
  },

  async aws_lb_target_group({ balancing }, { referring }) {
    const ListenerArns = await Promise.all(referring("aws_lb_listener").map((listener) => listener.self()));
    if (ListenerArns.length === 0) return [];
    const { Listeners = [] } = await balancing.send(new DescribeListenersCommand({ ListenerArns }));
    const actions = Listeners.flatMap(({ DefaultActions = [] }) => DefaultActions);
    const arns = actions.flatMap(({ TargetGroupArn, ForwardConfig }) => [
      ...(TargetGroupArn === undefined ? [] : [TargetGroupArn]),
      ...(ForwardConfig?.TargetGroups?.flatMap(({ TargetGroupArn: arn }) => arn ?? []) ?? []),
    ]);
    const TargetGroupArns = [...new Set(arns)];
    if (TargetGroupArns.length === 0) return [];
    const { TargetGroups = [] } = await balancing.send(new DescribeTargetGroupsCommand({ TargetGroupArns }));
    return TargetGroups.flatMap(({ TargetGroupArn, TargetGroupName }) =>
      thing(TargetGroupArn, undefined, TargetGroupName),
    );
  },
};
