/** The application servers in an account: their launch template, their image, their Auto Scaling group. */
import { DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import {
  DescribeImagesCommand,
  DescribeKeyPairsCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
} from "@aws-sdk/client-ec2";
import { keyPairNameIn, nameIn } from "../aws/names";
import type { Settings } from "../config/schema";
import { tokensOf } from "../config/sections/metadata-tokens";
import { fact } from "../verify/fact";
import { groupNames } from "./firewall";
import { exitOf } from "./network";
import { orNothing, type Account, type Part } from "./part";
import { tagged } from "./tagged";

/** The environment's group, by its name. */
export async function groupOf({ clients, environment, settings: { names } }: Account) {
  const AutoScalingGroupNames = [nameIn(environment, names.autoScalingGroup)];
  const asked = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames });
  return (await clients.scaling.send(asked)).AutoScalingGroups?.[0];
}

async function observe(account: Account) {
  const { ec2 } = account.clients;
  const group = await groupOf(account);
  const { LaunchTemplateId, Version = "$Default" } = group?.LaunchTemplate ?? {};
  const versions =
    LaunchTemplateId === undefined
      ? undefined
      : await ec2.send(new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions: [Version] }));
  const ImageIds = [account.settings.fleet.amiId];
  return {
    group,
    launchTemplate: versions?.LaunchTemplateVersions?.[0],
    image: (await orNothing(ec2.send(new DescribeImagesCommand({ ImageIds }))))?.Images?.[0],
  };
}

export const fleet: Part<Awaited<ReturnType<typeof observe>>> = {
  types: {
    aws_launch_template: tagged(async (ec2, Filters) =>
      (await ec2.send(new DescribeLaunchTemplatesCommand({ Filters }))).LaunchTemplates?.map(
        ({ LaunchTemplateId: id, Tags: tags }) => ({ id, tags }),
      ),
    ),
    aws_autoscaling_group: {
      async find({ scaling }, { needed }) {
        const asked = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [needed("name")] });
        const { AutoScalingGroups = [] } = await scaling.send(asked);
        return AutoScalingGroups.map(({ AutoScalingGroupName: id, Tags = [] }) => ({ id, tags: Tags }));
      },
    },
    aws_key_pair: {
      async find({ ec2 }, { needed }) {
        const Filters = [{ Name: "key-name", Values: [needed("key_name")] }];
        const { KeyPairs = [] } = await ec2.send(new DescribeKeyPairsCommand({ Filters }));
        return KeyPairs.map(({ KeyName, Tags = [] }) => ({ id: KeyName, tags: Tags }));
      },
      madeAnew: true,
    },
  },

  observe,

  facts(environment, { names, network, fleet: servers }, seen) {
    const name = (documented: string) => nameIn(environment, documented);
    const template = seen.launchTemplate?.LaunchTemplateData;
    const { group } = seen;
    return [
      fact("launch template", name(names.launchTemplate), seen.launchTemplate?.LaunchTemplateName),
      fact(
        "launched",
        [servers.amiId, servers.instanceType, keyOf(environment, servers.keyPair), name(names.appSecurityGroup)],
        [
          template?.ImageId,
          template?.InstanceType,
          template?.KeyName ?? "no key",
          groupNames(seen, template?.SecurityGroupIds),
        ],
        TEMPLATE,
      ),
      fact(
        "instance metadata",
        [tokensOf(servers.metadataTokens), 1],
        [template?.MetadataOptions?.HttpTokens, template?.MetadataOptions?.HttpPutResponseHopLimit],
        TEMPLATE,
      ),
      fact(
        "root volume encrypted",
        [true],
        template?.BlockDeviceMappings?.map(({ Ebs }) => Ebs?.Encrypted),
        TEMPLATE,
      ),
      fact("image exists", true, seen.image !== undefined),
      fact(
        "Auto Scaling group",
        `${name(names.autoScalingGroup)}, ELB health after ${String(servers.healthCheckGraceSeconds)} s`,
        `${String(group?.AutoScalingGroupName)}, ` +
          `${String(group?.HealthCheckType)} health after ${String(group?.HealthCheckGracePeriod)} s`,
      ),
      fact(
        "its subnets are private",
        network.zones.length,
        group?.VPCZoneIdentifier?.split(",").filter((id) => exitOf(seen, id) !== "internet gateway").length,
      ),
    ];
  },
};

const TEMPLATE = "fleet/launch-template";

/** Name of the key pair that instances are launched with. */
export const keyOf = (environment: string, key: Settings["fleet"]["keyPair"]): string =>
  key === undefined ? "no key" : keyPairNameIn(environment, key);
