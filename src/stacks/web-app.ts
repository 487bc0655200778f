import { Annotations, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { warningsOf, type Settings } from "../config/schema";
import type { RemoteStateSettings } from "../config/sections/remote-state";
import { Bastion } from "../constructs/bastion";
import { Firewall } from "../constructs/firewall";
import { Fleet } from "../constructs/fleet";
import { keyPairName } from "../constructs/key-pair";
import { LoadBalancer } from "../constructs/load-balancer";
import { Network } from "../constructs/network";
import { Scaling } from "../constructs/scaling/scaling";
import { nameIn, tagsOf } from "../aws/names";
import { firstInstance, sessionCommand, sshCommand } from "./access";
import { addProvider, addS3Backend } from "./backend";

export interface WebAppProps {
  readonly settings: Settings;
  readonly remoteState: RemoteStateSettings;
  readonly emulated?: boolean;
}

/** Internet → load balancer → application servers in private subnets, scaled by CPU, reached by operators through a bastion. */
export class WebApp extends TerraformStack {
  /** @param environment name of the environment, and of the stack */
  constructor(scope: Construct, environment: string, props: WebAppProps) {
    super(scope, environment);
    const { settings, remoteState, emulated = false } = props;
    const { names, bastion, region } = settings;
    const name = (documented: string) => nameIn(environment, documented);
    const tags = tagsOf(environment, settings.tags);

    addProvider(this, { region, emulated }, tags);
    addS3Backend(this, { region: remoteState.region, emulated }, remoteState.bucket, environment);
    for (const warning of warningsOf(settings)) Annotations.of(this).addWarning(warning);

    const network = new Network(this, "network", { ...settings.network, name: name(names.vpc), region });
    const firewall = (id: string, documented: string, description: string) =>
      new Firewall(this, id, { vpcId: network.vpcId, name: name(documented), nameStyle: names.style, description });

    const balancerFirewall = firewall("alb-firewall", names.loadBalancerSecurityGroup, "Load balancer");
    balancerFirewall.allow("0.0.0.0/0", settings.loadBalancer.port);
    const balancer = new LoadBalancer(this, "load-balancer", {
      ...settings,
      name: name(names.loadBalancer),
      targetGroupName: name(names.targetGroup),
      targetGroupNameStyle: names.style,
      network,
      firewall: balancerFirewall,
    });

    const appFirewall = firewall("app-firewall", names.appSecurityGroup, "Application servers");
    appFirewall.allow(balancerFirewall, settings.targetGroup.port);
    const fleetKey = keyPairName(this, "fleet-key", environment, settings.fleet.keyPair);
    const fleet = new Fleet(this, "fleet", {
      name: name(names.autoScalingGroup),
      launchTemplateName: name(names.launchTemplate),
      roleName: name(names.instanceRole),
      network,
      firewall: appFirewall,
      targets: balancer,
      keyName: fleetKey,
      tags,
      fleet: settings.fleet,
      scaling: settings.scaling,
    });
    new Scaling(this, "scaling", {
      fleet,
      highAlarmName: name(names.highCpuAlarm),
      lowAlarmName: name(names.lowCpuAlarm),
      scaling: settings.scaling,
    });
    this.output("load_balancer_dns_name", balancer.dnsName, "Address of the load balancer");
    this.output("url", `http://${balancer.dnsName}:${String(settings.loadBalancer.port)}/`, "The application");
    this.output("target_group_name", balancer.targetGroupName, "Where the load balancer finds the application servers");
    this.output(
      "target_group_arn",
      balancer.targetGroupArn,
      "For: aws elbv2 describe-target-health --target-group-arn …",
    );
    this.output("auto_scaling_group_name", fleet.groupName, "The application servers");
    this.output(
      "session_on_app",
      sessionCommand(region, firstInstance(region, fleet.groupName)),
      "A shell on an application server",
    );

    if (bastion) {
      const bastionFirewall = firewall("bastion-firewall", names.bastionSecurityGroup, "Bastion");
      for (const source of bastion.sshSources) bastionFirewall.allow(source, 22);
      appFirewall.allow(bastionFirewall, 22);
      const keyName = keyPairName(this, "bastion-key", environment, bastion.keyPair);
      const host = new Bastion(this, "bastion", {
        ...bastion,
        name: name(names.bastion),
        network,
        firewall: bastionFirewall,
        keyName,
      });
      this.output("bastion_name", name(names.bastion), "The bastion");
      this.output("bastion_instance_id", host.instanceId, "The bastion's id");
      this.output("bastion_public_ip", host.publicIp, "The bastion's address");
      this.output("session_on_bastion", sessionCommand(region, host.instanceId), "A shell on the bastion");
      if (keyName !== undefined) {
        this.output("ssh_to_bastion", sshCommand(keyName, host.publicIp), "SSH to the bastion");
        if (fleetKey !== undefined) {
          this.output(
            "ssh_to_app",
            sshCommand(fleetKey, "PRIVATE_IP", { keyName, address: host.publicIp }),
            "SSH to an application server, through the bastion",
          );
        }
      }
    }
  }

  private output(id: string, value: string, description: string): void {
    new TerraformOutput(this, id, { value, description });
  }
}
