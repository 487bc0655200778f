/** The load balancer in an account. */
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  paginateDescribeLoadBalancers,
  paginateDescribeTargetGroups,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Candidate } from "../adopt/finder";
import { nameIn } from "../aws/names";
import { boundsOf } from "../config/sections/schedules";
import { fact } from "../verify/fact";
import type { Clients } from "./clients";
import { groupNames } from "./firewall";
import { groupOf } from "./fleet";
import { exitOf } from "./network";
import { orNothing, type Account, type Part } from "./part";

/** With its tags, which need a request of their own. */
async function candidate(
  { balancing }: Clients,
  id: string | undefined,
  vpcId: string | undefined,
): Promise<Candidate> {
  const { TagDescriptions } = await balancing.send(new DescribeTagsCommand({ ResourceArns: [id ?? ""] }));
  return { id, tags: TagDescriptions?.[0]?.Tags ?? [], vpcId };
}

async function observe(account: Account) {
  const { clients, environment, settings } = account;
  const { balancing } = clients;
  const TargetGroupArns = (await groupOf(account))?.TargetGroupARNs?.slice(0, 1) ?? [];
  const targetGroups =
    TargetGroupArns.length > 0
      ? await orNothing(balancing.send(new DescribeTargetGroupsCommand({ TargetGroupArns })))
      : undefined;
  const targetGroup = targetGroups?.TargetGroups?.[0];
  const Names = [nameIn(environment, settings.names.loadBalancer)];
  const balancers = await orNothing(balancing.send(new DescribeLoadBalancersCommand({ Names })));
  const balancer = balancers?.LoadBalancers?.[0];
  return {
    balancer,
    listeners: balancer
      ? ((await balancing.send(new DescribeListenersCommand({ LoadBalancerArn: balancer.LoadBalancerArn })))
          .Listeners ?? [])
      : [],
    targetGroup,
    targets: targetGroup
      ? ((await balancing.send(new DescribeTargetHealthCommand({ TargetGroupArn: targetGroup.TargetGroupArn })))
          .TargetHealthDescriptions ?? [])
      : [],
  };
}

export const loadBalancer: Part<Awaited<ReturnType<typeof observe>>> = {
  types: {
    aws_lb: {
      async find(clients, { needed }) {
        const named = [];
        for await (const { LoadBalancers = [] } of paginateDescribeLoadBalancers({ client: clients.balancing }, {}))
          named.push(...LoadBalancers.filter(({ LoadBalancerName }) => LoadBalancerName === needed("name")));
        return Promise.all(named.map(({ LoadBalancerArn, VpcId }) => candidate(clients, LoadBalancerArn, VpcId)));
      },
    },
    aws_lb_target_group: {
      async find(clients, { optional }) {
        const [name, prefix] = [optional("name"), optional("name_prefix")];
        const isIt = ({ TargetGroupName: found = "" }) =>
          prefix === undefined ? found === name : found.startsWith(prefix);
        const named = [];
        for await (const { TargetGroups = [] } of paginateDescribeTargetGroups({ client: clients.balancing }, {}))
          named.push(...TargetGroups.filter(isIt));
        return Promise.all(named.map(({ TargetGroupArn, VpcId }) => candidate(clients, TargetGroupArn, VpcId)));
      },
    },
    aws_lb_listener: {
      async find({ balancing }, { needed }) {
        const asked = new DescribeListenersCommand({ LoadBalancerArn: needed("load_balancer_arn") });
        const { Listeners = [] } = await balancing.send(asked);
        return Listeners.filter(({ Port }) => String(Port) === needed("port")).map(({ ListenerArn: id }) => ({ id }));
      },
    },
  },

  observe,

  facts(environment, settings, seen) {
    const { names, network, targetGroup, loadBalancer: balancer } = settings;
    const name = (documented: string) => nameIn(environment, documented);
    const { healthCheck } = targetGroup;
    const found = seen.targetGroup;
    // A target that is being registered or deregistered is neither healthy nor unhealthy.
    const inState = (state: string) => seen.targets.filter(({ TargetHealth }) => TargetHealth?.State === state).length;
    const least = Math.min(...boundsOf(settings).minSizes);
    return [
      fact(
        "load balancer",
        `${name(names.loadBalancer)} application internet-facing in ${String(network.zones.length)} public subnets, ${name(names.loadBalancerSecurityGroup)}`,
        `${String(seen.balancer?.LoadBalancerName)} ${String(seen.balancer?.Type)} ${String(seen.balancer?.Scheme)} in ` +
          `${String(seen.balancer?.AvailabilityZones?.filter(({ SubnetId }) => exitOf(seen, SubnetId) === "internet gateway").length)} public subnets, ` +
          groupNames(seen, seen.balancer?.SecurityGroups),
      ),
      fact(
        "listener",
        `HTTP:${String(balancer.port)} → ${String(found?.TargetGroupArn)}`,
        seen.listeners
          .map(
            ({ Protocol, Port, DefaultActions }) =>
              `${String(Protocol)}:${String(Port)} → ${String(DefaultActions?.[0]?.TargetGroupArn)}`,
          )
          .join(", "),
      ),
      fact(
        "target group",
        `HTTP:${String(targetGroup.port)}, check ${healthCheck.path} for ${healthCheck.matcher ?? "200"} every ${String(healthCheck.intervalSeconds)} s, healthy ${String(healthCheck.healthyThreshold)}, unhealthy ${String(healthCheck.unhealthyThreshold)}`,
        `${String(found?.Protocol)}:${String(found?.Port)}, check ${String(found?.HealthCheckPath)} for ${String(found?.Matcher?.HttpCode)} every ${String(found?.HealthCheckIntervalSeconds)} s, ` +
          `healthy ${String(found?.HealthyThresholdCount)}, unhealthy ${String(found?.UnhealthyThresholdCount)}`,
      ),
      ...(names.style === "fixed"
        ? [fact("target group's name", name(names.targetGroup), found?.TargetGroupName)]
        : []),
      fact("unhealthy targets", 0, inState("unhealthy") + inState("unavailable")),
      fact(`${String(least)} or more healthy targets`, true, inState("healthy") >= least),
    ];
  },
};
