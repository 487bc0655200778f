import { AutoscalingGroup, type AutoscalingGroupWarmPool } from "@cdktf/provider-aws/lib/autoscaling-group";
import { DataAwsAmi } from "@cdktf/provider-aws/lib/data-aws-ami";
import { Token, type Precondition } from "cdktf";
import { Construct } from "constructs";
import { architectureOf, isBurstable, isEbsOptimized } from "../aws/instance-types";
import type { Settings } from "../config/schema";
import { calls, type Actions } from "./actions";
import { CheckedLaunchTemplate } from "./checked-launch-template";
import type { Firewall } from "./firewall";
import type { LoadBalancer } from "./load-balancer";
import type { Network } from "./network";
import { SessionRole } from "./session-role";

/** With one instance this means: launch the new one first, then terminate the old one. */
const REPLACE_BY_LAUNCHING_FIRST = { minHealthyPercentage: 100, maxHealthyPercentage: 200 };

export const fleetActions: Actions = {
  look: ["ec2:Describe*", "autoscaling:Describe*"],
  build: [
    ...calls("ec2", "CreateLaunchTemplate CreateLaunchTemplateVersion ModifyLaunchTemplate DeleteLaunchTemplate"),
    // The group launches servers with the permissions of the principal that creates or updates it.
    ...calls("ec2", "RunInstances CreateTags DeleteTags"),
    ...calls(
      "autoscaling",
      `CreateAutoScalingGroup UpdateAutoScalingGroup DeleteAutoScalingGroup SetInstanceProtection
       CreateOrUpdateTags DeleteTags PutWarmPool DeleteWarmPool StartInstanceRefresh CancelInstanceRefresh
       AttachLoadBalancerTargetGroups DetachLoadBalancerTargetGroups AttachTrafficSources DetachTrafficSources
       EnableMetricsCollection DisableMetricsCollection SuspendProcesses ResumeProcesses`,
    ),
  ],
  serviceRoles: ["autoscaling.amazonaws.com"],
};

type WarmPool = NonNullable<Settings["fleet"]["warmPool"]>;

export interface FleetProps {
  readonly name: string;
  readonly launchTemplateName: string;
  readonly roleName: string;
  readonly network: Pick<Network, "privateSubnetIds" | "privateRoutes">;
  readonly firewall: Pick<Firewall, "securityGroupId">;
  readonly targets: Pick<LoadBalancer, "targetGroupArn" | "listener">;
  /** Name of an existing key pair, if SSH is wanted. */
  readonly keyName: string | undefined;
  /** Tags of each instance, its volume and its network interface: the provider's default tags do not apply to those. */
  readonly tags: Readonly<Record<string, string>>;
  readonly fleet: Settings["fleet"];
  readonly scaling: Settings["scaling"];
}

/**
 * The application servers: a launch template and the Auto Scaling group that keeps them running behind the load balancer.
 *
 * A new image or template starts a rolling replacement: new instances are launched before the old ones are terminated, as many at
 * a time as the group has. The scaling owns the group's present size: no deploy changes it.
 */
export class Fleet extends Construct {
  readonly name: string;
  /** A reference to the group, whose name it is. */
  readonly groupName: string;

  constructor(scope: Construct, id: string, props: FleetProps) {
    super(scope, id);
    const { name, launchTemplateName, roleName, network, firewall, targets, keyName, fleet, scaling } = props;
    const tags = { ...props.tags, Name: name };
    // The image defines the name of its root device; another name would add a second, empty disk.
    const image = new DataAwsAmi(this, "image", { filter: [{ name: "image-id", values: [fleet.amiId] }] });
    const fits = [suitsType(image, fleet), suitsVolume(image, fleet)];

    const template = new CheckedLaunchTemplate(this, "launch-template", {
      name: launchTemplateName,
      imageId: fleet.amiId,
      instanceType: fleet.instanceType,
      ...(keyName !== undefined && { keyName }),
      vpcSecurityGroupIds: [firewall.securityGroupId],
      iamInstanceProfile: { arn: new SessionRole(this, "session-role", { name: roleName }).instanceProfile.arn },
      updateDefaultVersion: true,
      ...(isEbsOptimized(fleet.instanceType) && { ebsOptimized: "true" }),
      monitoring: { enabled: fleet.detailedMonitoring },
      metadataOptions: {
        httpEndpoint: "enabled",
        httpTokens: typeof fleet.metadataTokens === "object" ? "optional" : "required",
        httpPutResponseHopLimit: 1,
        instanceMetadataTags: "enabled", // the application shows its instance's name
      },
      blockDeviceMappings: [
        {
          deviceName: image.rootDeviceName,
          ebs: { volumeType: "gp3", volumeSize: fleet.rootVolumeGib, encrypted: "true", deleteOnTermination: "true" },
        },
      ],
      ...(fleet.warmPool?.state === "Hibernated" && { hibernationOptions: { configured: true } }),
      ...(isBurstable(fleet.instanceType) && { creditSpecification: { cpuCredits: fleet.cpuCredits } }),
      tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({ resourceType, tags })),
      tags: { Name: launchTemplateName },
      lifecycle: { precondition: fits },
    });

    const group = new AutoscalingGroup(this, "auto-scaling-group", {
      name,
      minSize: fleet.minSize,
      desiredCapacity: fleet.desiredCapacity,
      maxSize: fleet.maxSize,
      vpcZoneIdentifier: [...network.privateSubnetIds],
      targetGroupArns: [targets.targetGroupArn],
      healthCheckType: "ELB",
      healthCheckGracePeriod: fleet.healthCheckGraceSeconds,
      // A number and never "$Latest": only a change of it starts the rolling replacement.
      launchTemplate: { id: template.id, version: Token.asString(template.latestVersion) },
      instanceMaintenancePolicy: REPLACE_BY_LAUNCHING_FIRST,
      instanceRefresh: {
        strategy: "Rolling",
        preferences: {
          minHealthyPercentage: REPLACE_BY_LAUNCHING_FIRST.minHealthyPercentage,
          maxHealthyPercentage: REPLACE_BY_LAUNCHING_FIRST.maxHealthyPercentage,
          skipMatching: true,
          autoRollback: true,
        },
      },
      // At creation only: a deploy whose instances never answer fails instead of succeeding while the site is down.
      ...(fleet.desiredCapacity > 0 && { minElbCapacity: 1 }),
      waitForCapacityTimeout: `${String(fleet.capacityTimeoutMinutes)}m`,
      enabledMetrics: [...GROUP_METRICS],
      metricsGranularity: "1Minute",
      tag: Object.entries(tags).map(([key, value]) => ({ key, value, propagateAtLaunch: true })),
      ...(fleet.warmPool && { warmPool: warmPoolOf(fleet.warmPool) }),
      // Otherwise the idle CPU of an instance that is still starting would lower the group's average.
      ...(scaling.kind !== "simple" && { defaultInstanceWarmup: scaling.warmUpSeconds }),
      lifecycle: { ignoreChanges: ["desired_capacity", ...scheduledBounds(scaling)] },
      dependsOn: [targets.listener, ...network.privateRoutes],
    });
    this.name = name;
    this.groupName = group.name;
  }
}

/** What only the image itself knows is checked by Terraform when it plans; AWS would refuse the first launch. */
function suitsType({ fqn }: DataAwsAmi, { amiId, instanceType }: Settings["fleet"]): Precondition {
  const architecture = architectureOf(instanceType);
  return {
    condition: `\${${fqn}.architecture == "${architecture}"}`,
    errorMessage: `fleet.instanceType: ${instanceType} is ${architecture}, and the image ${amiId} is \${${fqn}.architecture}: choose another type, or an image for it (fleet.amiId).`,
  };
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EbsBlockDevice.html */
function suitsVolume({ fqn }: DataAwsAmi, { amiId, rootVolumeGib }: Settings["fleet"]): Precondition {
  const sizes = `[for disk in ${fqn}.block_device_mappings : try(tonumber(disk.ebs.volume_size), 0) if disk.device_name == ${fqn}.root_device_name]`;
  return {
    condition: `\${max(0, ${sizes}...) <= ${String(rootVolumeGib)}}`,
    errorMessage: `fleet.rootVolumeGib: ${String(rootVolumeGib)} is less than the \${max(0, ${sizes}...)} GiB of the image ${amiId}.`,
  };
}

function warmPoolOf({ state, minSize, maxGroupPreparedCapacity, reuseOnScaleIn }: WarmPool): AutoscalingGroupWarmPool {
  return {
    poolState: state,
    minSize,
    ...(maxGroupPreparedCapacity !== undefined && { maxGroupPreparedCapacity }),
    instanceReusePolicy: { reuseOnScaleIn },
  };
}

/** The bounds that schedules own: a deploy at night must not restore the daytime bounds. */
function scheduledBounds({ schedules = {} }: Settings["scaling"]): string[] {
  const sets = (bound: "minSize" | "maxSize") => Object.values(schedules).some((each) => each[bound] !== undefined);
  return [...(sets("minSize") ? ["min_size"] : []), ...(sets("maxSize") ? ["max_size"] : [])];
}

/** Free of charge: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-metrics.html */
const GROUP_METRICS = [
  "GroupDesiredCapacity",
  "GroupInServiceInstances",
  "GroupMaxSize",
  "GroupMinSize",
  "GroupPendingInstances",
  "GroupStandbyInstances",
  "GroupTerminatingInstances",
  "GroupTotalInstances",
] as const;
