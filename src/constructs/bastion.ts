import { DataAwsSsmParameter } from "@cdktf/provider-aws/lib/data-aws-ssm-parameter";
import { Instance } from "@cdktf/provider-aws/lib/instance";
import { Construct } from "constructs";
import { architectureOf, isBurstable, isEbsOptimized } from "../aws/instance-types";
import { calls, type Actions } from "./actions";
import type { Firewall } from "./firewall";
import type { Network } from "./network";
import { SessionRole } from "./session-role";

/** Parameters in which AWS publishes the newest images: https://docs.aws.amazon.com/linux/al2023/ug/ec2.html */
const IMAGES = "/aws/service/ami-amazon-linux-latest";

export const BASTION_IMAGES = `arn:aws:ssm:*::parameter${IMAGES}/*`;

export const bastionImageActions: Actions = { look: ["ssm:GetParameter"], build: [] };

export const bastionActions: Actions = {
  look: calls("ec2", "Describe* GetInstanceUefiData"),
  build: calls(
    "ec2",
    `RunInstances StartInstances StopInstances TerminateInstances ModifyInstanceAttribute
     ModifyInstanceMetadataOptions ModifyInstanceCreditSpecification ModifyVolume MonitorInstances UnmonitorInstances
     AssociateIamInstanceProfile DisassociateIamInstanceProfile ReplaceIamInstanceProfileAssociation
     CreateTags DeleteTags`,
  ),
};

export interface BastionProps {
  /** Name of the instance, its role and its instance profile. */
  readonly name: string;
  readonly network: Pick<Network, "publicSubnetIds" | "internetGateway">;
  readonly firewall: Pick<Firewall, "securityGroupId">;
  readonly instanceType: string;
  readonly rootVolumeGib: number;
  /** Name of an existing key pair, if SSH is wanted. */
  readonly keyName: string | undefined;
}

/**
 * The bastion for operators: one instance of Amazon Linux 2023 with a public address, reached over SSH or Session Manager.
 *
 * It is created from the newest image; later images do not replace it (update it in place, or `terraform apply -replace`).
 */
export class Bastion extends Construct {
  readonly name: string;
  readonly instanceId: string;
  readonly publicIp: string;

  constructor(scope: Construct, id: string, props: BastionProps) {
    super(scope, id);
    const { name, network, firewall, instanceType, rootVolumeGib, keyName } = props;
    const image = new DataAwsSsmParameter(this, "image", {
      name: `${IMAGES}/al2023-ami-kernel-default-${architectureOf(instanceType)}`,
    });
    const [subnetId] = network.publicSubnetIds;
    if (subnetId === undefined) throw new Error("The bastion needs a public subnet; network.zones names none");
    const instance = new Instance(this, "instance", {
      // The provider marks `value` as sensitive, which would hide the image in every plan.
      ami: image.insecureValue,
      instanceType,
      subnetId,
      vpcSecurityGroupIds: [firewall.securityGroupId],
      associatePublicIpAddress: true,
      ...(keyName !== undefined && { keyName }),
      iamInstanceProfile: new SessionRole(this, "session-role", { name }).instanceProfile.name,
      ...(isBurstable(instanceType) && { creditSpecification: { cpuCredits: "unlimited" } }),
      ...(isEbsOptimized(instanceType) && { ebsOptimized: true }),
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      rootBlockDevice: { volumeType: "gp3", volumeSize: rootVolumeGib, encrypted: true, tags: { Name: name } },
      tags: { Name: name },
      lifecycle: { ignoreChanges: ["ami"] },
      dependsOn: [network.internetGateway],
    });
    this.name = name;
    this.instanceId = instance.id;
    this.publicIp = instance.publicIp;
  }
}
