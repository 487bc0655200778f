import { Annotations, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { INTERNET, SSH_PORT } from "../aws/internet";
import { keyPairNameIn, nameIn, tagsOf } from "../aws/names";
import { NOTHING_KEPT, type Kept } from "../config/kept";
import { warningsOf, type Settings } from "../config/schema";
import type { RemoteStateSettings } from "../config/sections/remote-state";
import { Bastion } from "../constructs/bastion";
import { Firewall } from "../constructs/firewall";
import { Fleet } from "../constructs/fleet";
import { keyPairName } from "../constructs/key-pair";
import { LoadBalancer } from "../constructs/load-balancer";
import { Network } from "../constructs/network";
import { Scaling } from "../constructs/scaling/scaling";
import { addProvider, addS3Backend } from "./backend";
import { keep } from "./kept";
import { addOutputs } from "./outputs";

export interface WebAppProps {
  readonly settings: Settings;
  readonly remoteState: RemoteStateSettings;
  readonly emulated?: boolean;
  /** What it keeps as it is, if it was taken over. */
  readonly kept?: Kept;
}

/** Internet → load balancer → application servers in private subnets, scaled by CPU, reached by operators through a bastion. */
export class WebApp extends TerraformStack {
  /** @param environment name of the environment, and of the stack */
  constructor(scope: Construct, environment: string, props: WebAppProps) {
    super(scope, environment);
    const { settings, remoteState, emulated = false, kept = NOTHING_KEPT } = props;
    const { names, loadBalancer, targetGroup, scaling, region } = settings;
    const name = (own: string) => nameIn(environment, own);
    const tags = tagsOf(environment, settings.tags);

    addProvider(this, { region, emulated }, tags);
    addS3Backend(this, { region: remoteState.region, emulated }, remoteState.bucket, environment);
    for (const warning of warningsOf(settings)) Annotations.of(this).addWarning(warning);

    const network = new Network(this, "network", { ...settings.network, name: name(names.vpc), region });
    const firewall = (id: string, own: string, description: string) =>
      new Firewall(this, id, { vpcId: network.vpcId, name: name(own), nameStyle: names.style, description });

    const balancerFirewall = firewall("alb-firewall", names.loadBalancerSecurityGroup, "Load balancer");
    balancerFirewall.allow(INTERNET, loadBalancer.port);
    const balancer = new LoadBalancer(this, "load-balancer", {
      name: name(names.loadBalancer),
      targetGroupName: name(names.targetGroup),
      targetGroupNameStyle: names.style,
      network,
      firewall: balancerFirewall,
      loadBalancer,
      targetGroup,
    });

    const appFirewall = firewall("app-firewall", names.appSecurityGroup, "Application servers");
    appFirewall.allow(balancerFirewall, targetGroup.port);
    const fleet = new Fleet(this, "fleet", {
      name: name(names.autoScalingGroup),
      launchTemplateName: name(names.launchTemplate),
      roleName: name(names.instanceRole),
      network,
      firewall: appFirewall,
      targets: balancer,
      keyName: keyPairName(this, "fleet-key", environment, settings.fleet.keyPair),
      tags,
      fleet: settings.fleet,
      scaling,
    });
    const alarmNames = { highAlarmName: name(names.highCpuAlarm), lowAlarmName: name(names.lowCpuAlarm) };
    new Scaling(this, "scaling", { fleet, ...alarmNames, scaling });

    let bastion: Bastion | undefined;
    if (settings.bastion) {
      const bastionFirewall = firewall("bastion-firewall", names.bastionSecurityGroup, "Bastion");
      for (const source of settings.bastion.sshSources) bastionFirewall.allow(source, SSH_PORT);
      appFirewall.allow(bastionFirewall, SSH_PORT);
      bastion = new Bastion(this, "bastion", {
        ...settings.bastion,
        name: name(names.bastion),
        network,
        firewall: bastionFirewall,
        keyName: keyPairName(this, "bastion-key", environment, settings.bastion.keyPair),
      });
    }
    const keyOf = (section: Settings["bastion"] | Settings["fleet"]) =>
      section?.keyPair && keyPairNameIn(environment, section.keyPair);
    const keys = { fleet: keyOf(settings.fleet), bastion: keyOf(settings.bastion) };
    addOutputs(this, { region, emulated, balancer, fleet, bastion, keys });
    keep(this, environment, kept);
  }
}
