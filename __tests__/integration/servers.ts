/** A stack of the Auto Scaling group alone: without a load balancer and a NAT gateway, which would only take time. */
import { LbTargetGroup } from "@cdktf/provider-aws/lib/lb-target-group";
import { LocalBackend, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { nameIn, tagsOf } from "../../src/aws/names";
import type { Settings } from "../../src/config/schema";
import { Firewall } from "../../src/constructs/firewall";
import { Fleet } from "../../src/constructs/fleet";
import { Network } from "../../src/constructs/network";
import { Scaling } from "../../src/constructs/scaling/scaling";
import { addProvider } from "../../src/stacks/backend";

export const ENVIRONMENT = "local";

export class Servers extends TerraformStack {
  constructor(scope: Construct, { region, names, network: { cidr, zones }, fleet, scaling, tags }: Settings) {
    super(scope, "servers");
    const name = (documented: string) => nameIn(ENVIRONMENT, documented);
    addProvider(this, { region, emulated: true }, tagsOf(ENVIRONMENT, tags));
    new LocalBackend(this, { path: "terraform.tfstate" });
    const network = new Network(this, "network", { name: name(names.vpc), region, cidr, zones, nat: "none" });
    const targetGroup = new LbTargetGroup(this, "targets", { port: 5000, protocol: "HTTP", vpcId: network.vpcId });
    const group = new Fleet(this, "fleet", {
      name: name(names.autoScalingGroup),
      launchTemplateName: name(names.launchTemplate),
      roleName: name(names.instanceRole),
      network,
      firewall: new Firewall(this, "firewall", {
        vpcId: network.vpcId,
        name: name(names.appSecurityGroup),
        nameStyle: "fixed",
        description: "Application servers",
      }),
      targets: { targetGroupArn: targetGroup.arn, listener: targetGroup },
      keyName: undefined,
      tags: tagsOf(ENVIRONMENT, tags),
      fleet,
      scaling,
    });
    const [highAlarmName, lowAlarmName] = [name(names.highCpuAlarm), name(names.lowCpuAlarm)];
    new Scaling(this, "scaling", { fleet: group, highAlarmName, lowAlarmName, scaling });
  }
}
