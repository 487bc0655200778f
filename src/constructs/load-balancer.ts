import { Lb } from "@cdktf/provider-aws/lib/lb";
import { LbListener } from "@cdktf/provider-aws/lib/lb-listener";
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Settings } from "../config/schema";
import { AccessLogs } from "./access-logs";
import { calls, type Actions } from "./actions";
import type { Firewall } from "./firewall";
import type { Network } from "./network";

/** Greatest length of a target group's name prefix in AWS. */
const TARGET_GROUP_PREFIX_LENGTH = 6;

export const loadBalancerActions: Actions = {
  look: ["elasticloadbalancing:Describe*"],
  build: calls(
    "elasticloadbalancing",
    `CreateLoadBalancer DeleteLoadBalancer ModifyLoadBalancerAttributes SetSecurityGroups SetSubnets SetIpAddressType
     CreateTargetGroup DeleteTargetGroup ModifyTargetGroup ModifyTargetGroupAttributes
     CreateListener DeleteListener ModifyListener ModifyListenerAttributes AddTags RemoveTags`,
  ),
  serviceRoles: ["elasticloadbalancing.amazonaws.com"],
};

export interface LoadBalancerProps {
  readonly name: string;
  readonly targetGroupName: string;
  readonly targetGroupNameStyle: "fixed" | "prefix";
  readonly network: Pick<Network, "vpcId" | "publicSubnetIds" | "internetGateway">;
  readonly firewall: Pick<Firewall, "securityGroupId">;
  readonly loadBalancer: Settings["loadBalancer"];
  readonly targetGroup: Settings["targetGroup"];
}

/**
 * An internet-facing Application Load Balancer whose HTTP listener forwards all traffic to the healthy members of one target group.
 *
 * Billed by the hour and by load (LCU). Requests with invalid headers are dropped, since request smuggling depends on them.
 */
export class LoadBalancer extends Construct {
  readonly dnsName: string;
  readonly url: string;
  readonly targetGroupName: string;
  readonly targetGroupArn: string;
  /** Wait for it before expecting a target to become healthy. */
  readonly listener: ITerraformDependable;

  constructor(scope: Construct, id: string, props: LoadBalancerProps) {
    super(scope, id);
    const { name, targetGroupName, targetGroupNameStyle, network, firewall, loadBalancer, targetGroup } = props;
    const logs = loadBalancer.accessLogs && new AccessLogs(this, "access-logs", loadBalancer.accessLogs);

    const balancer = new Lb(this, "load-balancer", {
      name,
      loadBalancerType: "application",
      internal: false,
      subnets: [...network.publicSubnetIds],
      securityGroups: [firewall.securityGroupId],
      idleTimeout: loadBalancer.idleTimeoutSeconds,
      dropInvalidHeaderFields: true,
      enableDeletionProtection: loadBalancer.deletionProtection === "on",
      ...(logs && { accessLogs: { enabled: true, bucket: logs.bucket } }),
      tags: { Name: name },
      dependsOn: [network.internetGateway, ...(logs ? [logs.policy] : [])],
    });

    const {
      path,
      matcher = "200",
      intervalSeconds,
      timeoutSeconds,
      healthyThreshold,
      unhealthyThreshold,
    } = targetGroup.healthCheck;
    const targets = new LbTargetGroup(this, "target-group", {
      ...(targetGroupNameStyle === "fixed"
        ? { name: targetGroupName }
        : {
            namePrefix: targetGroupName.slice(0, TARGET_GROUP_PREFIX_LENGTH),
            lifecycle: { createBeforeDestroy: true },
          }),
      vpcId: network.vpcId,
      protocol: "HTTP",
      port: targetGroup.port,
      targetType: "instance",
      deregistrationDelay: String(targetGroup.deregistrationDelaySeconds),
      healthCheck: {
        protocol: "HTTP",
        port: "traffic-port",
        path,
        matcher,
        interval: intervalSeconds,
        timeout: timeoutSeconds,
        healthyThreshold,
        unhealthyThreshold,
      },
      tags: { Name: targetGroupName },
    });

    this.listener = new LbListener(this, "listener", {
      loadBalancerArn: balancer.arn,
      protocol: "HTTP",
      port: loadBalancer.port,
      defaultAction: [{ type: "forward", targetGroupArn: targets.arn }],
      tags: { Name: `${name}-http` },
    });
    this.dnsName = balancer.dnsName;
    this.url = `http://${balancer.dnsName}:${String(loadBalancer.port)}/`;
    this.targetGroupName = targets.name;
    this.targetGroupArn = targets.arn;
  }
}
