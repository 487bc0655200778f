/** The bastion in an account. */
import { DescribeInstancesCommand } from "@aws-sdk/client-ec2";
import { nameIn } from "../aws/names";
import { fact } from "../verify/fact";
import { groupNames } from "./firewall";
import { keyOf } from "./fleet";
import { exitOf, zoneOf } from "./network";
import { byNameTag, type Account, type Part } from "./part";
import { tagged } from "./tagged";

const inState = (...Values: string[]) => ({ Name: "instance-state-name", Values });

async function observe({ clients: { ec2 }, environment, settings: { names } }: Account) {
  const Filters = [byNameTag(nameIn(environment, names.bastion)), inState("pending", "running")];
  const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ Filters }));
  return { bastion: Reservations.flatMap(({ Instances = [] }) => Instances)[0] };
}

export const bastion: Part<Awaited<ReturnType<typeof observe>>> = {
  types: {
    aws_instance: tagged(async (ec2, filters) => {
      const Filters = [...filters, inState("pending", "running", "stopping", "stopped")];
      const { Reservations } = await ec2.send(new DescribeInstancesCommand({ Filters }));
      return (
        Reservations?.flatMap(({ Instances = [] }) => Instances)
          // An Auto Scaling group's own may have the same name.
          .filter(({ Tags }) => !Tags?.some(({ Key }) => Key === "aws:autoscaling:groupName"))
          .map(({ InstanceId: id, Tags: tags, VpcId: vpcId }) => ({ id, tags, vpcId }))
      );
    }),
  },

  observe,

  facts(environment, { names, network, bastion: wanted }, seen) {
    const { bastion: found } = seen;
    if (wanted === undefined) return [fact("bastion", "none", found?.InstanceId ?? "none")];
    return [
      fact(
        "bastion",
        [
          wanted.instanceType,
          network.zones[0],
          "internet gateway",
          nameIn(environment, names.bastionSecurityGroup),
          keyOf(environment, wanted.keyPair),
          "public address",
        ],
        [
          found?.InstanceType,
          zoneOf(seen, found?.SubnetId),
          exitOf(seen, found?.SubnetId),
          groupNames(
            seen,
            found?.SecurityGroups?.flatMap(({ GroupId }) => GroupId ?? []),
          ),
          found?.KeyName ?? "no key",
          found?.PublicIpAddress === undefined ? "no public address" : "public address",
        ],
        "bastion/instance",
      ),
    ];
  },
};
