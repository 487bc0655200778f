import { SecurityGroup } from "@cdktf/provider-aws/lib/security-group";
import { VpcSecurityGroupEgressRule } from "@cdktf/provider-aws/lib/vpc-security-group-egress-rule";
import { VpcSecurityGroupIngressRule } from "@cdktf/provider-aws/lib/vpc-security-group-ingress-rule";
import { Construct } from "constructs";
import { INTERNET } from "../aws/internet";
import { calls, type Actions } from "./actions";

export const firewallActions: Actions = {
  look: ["ec2:Describe*"],
  build: calls(
    "ec2",
    `CreateSecurityGroup DeleteSecurityGroup ModifySecurityGroupRules
     AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress RevokeSecurityGroupEgress
     UpdateSecurityGroupRuleDescriptionsIngress UpdateSecurityGroupRuleDescriptionsEgress CreateTags DeleteTags`,
  ),
};

export interface FirewallProps {
  readonly vpcId: string;
  readonly name: string;
  /** `prefix` lets AWS append a suffix, so that a replacement is created before the old group is deleted. */
  readonly nameStyle: "fixed" | "prefix";
  /** Description of the group. A change replaces the group, and the apply hangs while anything uses the old one. */
  readonly description: string;
}

/**
 * A security group that allows all outgoing traffic, and incoming traffic only by {@link allow}, a described rule each.
 *
 * Terraform removes AWS's own allow-all egress rule from a new group, so the rule is a resource here.
 *
 * @example
 * const alb = new Firewall(this, "alb-firewall", { … });
 * alb.allow("0.0.0.0/0", 80);
 * app.allow(alb, 5000);
 */
export class Firewall extends Construct {
  readonly securityGroupId: string;
  private readonly name: string;

  constructor(scope: Construct, id: string, props: FirewallProps) {
    super(scope, id);
    const { vpcId, name, nameStyle, description } = props;
    this.name = name;
    const securityGroup = new SecurityGroup(this, "security-group", {
      vpcId,
      description,
      tags: { Name: name },
      ...(nameStyle === "fixed" ? { name } : { namePrefix: `${name}-`, lifecycle: { createBeforeDestroy: true } }),
    });
    this.securityGroupId = securityGroup.id;
    new VpcSecurityGroupEgressRule(this, "egress-all", {
      securityGroupId: this.securityGroupId,
      description: `Anything out of ${name}`,
      ipProtocol: "-1",
      cidrIpv4: INTERNET,
      tags: { Name: `${name}-out` },
    });
  }

  /** Lets TCP in on a port, from another group's members or from an IPv4 or IPv6 network. */
  allow(source: Firewall | string, port: number): void {
    const [sourceId, sourceName, from] =
      typeof source === "string"
        ? [source.replaceAll("/", "-"), source, source.includes(":") ? { cidrIpv6: source } : { cidrIpv4: source }]
        : [source.node.id, source.name, { referencedSecurityGroupId: source.securityGroupId }];
    new VpcSecurityGroupIngressRule(this, `tcp-${String(port)}-from-${sourceId}`, {
      securityGroupId: this.securityGroupId,
      description: `TCP ${String(port)} from ${sourceName}`,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      tags: { Name: `${this.name}-tcp-${String(port)}` },
      ...from,
    });
  }
}
