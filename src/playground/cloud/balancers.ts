/** The account's Application Load Balancers and their target groups. */
import {
  DescribeLoadBalancerAttributesCommand,
  DescribeTargetGroupAttributesCommand,
  DescribeTargetHealthCommand,
  paginateDescribeListeners,
  paginateDescribeLoadBalancers,
  paginateDescribeRules,
  paginateDescribeTargetGroups,
  type Listener,
  type LoadBalancer,
  type TargetGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Clients } from "../../account/clients";
import { orNothing } from "../../account/part";
import type { Note } from "../cloud";
import type { BalancerState, ListenerState, RuleState, TargetGroupState } from "../cloud-state";
import { ruleOf } from "./rules";

/** @returns with the ids of the networks that they are in */
export async function readBalancers(
  clients: Clients,
  note: Note,
): Promise<{ readonly balancers: BalancerState[]; readonly networks: string[] }> {
  const found: LoadBalancer[] = [];
  for await (const { LoadBalancers = [] } of paginateDescribeLoadBalancers({ client: clients.balancing }, {}))
    found.push(...LoadBalancers);
  const played = found.filter(({ Type, LoadBalancerName }) => {
    if (Type !== "application")
      note(`the load balancer ${String(LoadBalancerName)} is not played: its type is ${String(Type)}`);
    return Type === "application";
  });
  const read = await Promise.all(played.map((balancer) => orNothing(balancerOf(clients, balancer, note))));
  return {
    balancers: read.flatMap((balancer) => balancer ?? []),
    networks: played.flatMap(({ VpcId }) => VpcId ?? []),
  };
}

async function balancerOf(clients: Clients, balancer: LoadBalancer, note: Note): Promise<BalancerState> {
  const { LoadBalancerArn: arn = "", LoadBalancerName: name = "", DNSName = "", Scheme } = balancer;
  const asked = new DescribeLoadBalancerAttributesCommand({ LoadBalancerArn: arn });
  const { Attributes = [] } = await clients.balancing.send(asked);
  const listeners: Listener[] = [];
  const pages = paginateDescribeListeners({ client: clients.balancing }, { LoadBalancerArn: arn });
  for await (const { Listeners = [] } of pages) listeners.push(...Listeners);
  const read = await Promise.all(listeners.map((listener) => orNothing(listenerOf(clients, name, listener, note))));
  return {
    arn,
    name,
    dnsName: DNSName,
    scheme: Scheme === "internal" ? "internal" : "internet-facing",
    attributes: byKey(Attributes),
    listeners: read.flatMap((listener) => listener ?? []),
  };
}

async function listenerOf(
  clients: Clients,
  balancer: string,
  { ListenerArn: arn = "", Port: port = 0, Protocol: protocol }: Listener,
  note: Note,
): Promise<ListenerState | undefined> {
  if (protocol !== "HTTP" && protocol !== "HTTPS") {
    note(`the listener ${balancer}:${String(port)} is not played: its protocol is ${String(protocol)}`);
    return undefined;
  }
  const rules: RuleState[] = [];
  for await (const { Rules = [] } of paginateDescribeRules({ client: clients.balancing }, { ListenerArn: arn }))
    rules.push(...Rules.flatMap((rule) => ruleOf(rule, `${balancer}:${String(port)}`, note) ?? []));
  return { arn, port, protocol, rules };
}

export async function readTargetGroups(clients: Clients, note: Note): Promise<TargetGroupState[]> {
  const found: TargetGroup[] = [];
  for await (const { TargetGroups = [] } of paginateDescribeTargetGroups({ client: clients.balancing }, {}))
    found.push(...TargetGroups);
  const read = await Promise.all(found.map((group) => orNothing(targetGroupOf(clients, group, note))));
  return read.flatMap((group) => group ?? []);
}

async function targetGroupOf(clients: Clients, group: TargetGroup, note: Note): Promise<TargetGroupState | undefined> {
  const { TargetGroupArn: arn = "", TargetGroupName: name = "", Protocol: protocol, TargetType, Port = 0 } = group;
  if ((protocol !== "HTTP" && protocol !== "HTTPS") || TargetType !== "instance") {
    note(`the target group ${name} is not played: its targets are ${String(TargetType)} by ${String(protocol)}`);
    return undefined;
  }
  const [{ Attributes = [] }, { TargetHealthDescriptions = [] }] = await Promise.all([
    clients.balancing.send(new DescribeTargetGroupAttributesCommand({ TargetGroupArn: arn })),
    clients.balancing.send(new DescribeTargetHealthCommand({ TargetGroupArn: arn })),
  ]);
  const registered = TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth?.State !== "draining");
  const checkedPort = Number(group.HealthCheckPort);
  return {
    arn,
    name,
    port: Port,
    protocol,
    healthCheck: {
      enabled: group.HealthCheckEnabled ?? true,
      path: group.HealthCheckPath ?? "/",
      port: Number.isNaN(checkedPort) ? "traffic-port" : checkedPort,
      intervalSeconds: group.HealthCheckIntervalSeconds ?? 30,
      timeoutSeconds: group.HealthCheckTimeoutSeconds ?? 5,
      healthyThreshold: group.HealthyThresholdCount ?? 5,
      unhealthyThreshold: group.UnhealthyThresholdCount ?? 2,
      matcher: group.Matcher?.HttpCode ?? "200",
    },
    attributes: byKey(Attributes),
    targets: registered.map(({ Target }) => ({ id: Target?.Id ?? "", port: Target?.Port ?? Port })),
  };
}

const byKey = (attributes: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[]) =>
  Object.fromEntries(attributes.map(({ Key = "", Value = "" }) => [Key, Value]));
