/** How the EC2 things that bear a tag `Name` are found by it; what is dead but still shown is left out. */
import {
  DescribeAddressesCommand,
  DescribeInstancesCommand,
  DescribeInternetGatewaysCommand,
  DescribeLaunchTemplatesCommand,
  DescribeNatGatewaysCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  type EC2Client,
  type Filter,
} from "@aws-sdk/client-ec2";
import type { Candidate, Finder } from "./finder";

type Answer = Promise<readonly Candidate[] | undefined>;

/** A filter takes `*` and `?` for any text, so the answer is compared once more. */
const byName =
  (ask: (ec2: EC2Client, filters: Filter[]) => Answer): Finder =>
  async ({ ec2 }, { name }) =>
    ((await ask(ec2, [{ Name: "tag:Name", Values: [name] }])) ?? []).filter(({ tags = [] }) =>
      tags.some(({ Key, Value }) => Key === "Name" && Value === name),
    );

const isLive = ({ State }: { State?: string | undefined }) =>
  ["pending", "available"].includes((State ?? "").toLowerCase());

/** By type of resource. */
export const tagged: Readonly<Record<string, Finder>> = {
  aws_vpc: byName(async (ec2, Filters) =>
    (await ec2.send(new DescribeVpcsCommand({ Filters }))).Vpcs?.map(({ VpcId: id, Tags: tags }) => ({ id, tags })),
  ),
  aws_subnet: byName(async (ec2, Filters) =>
    (await ec2.send(new DescribeSubnetsCommand({ Filters }))).Subnets?.map(
      ({ SubnetId: id, Tags: tags, VpcId: vpcId }) => ({ id, tags, vpcId }),
    ),
  ),
  aws_internet_gateway: byName(async (ec2, Filters) =>
    (await ec2.send(new DescribeInternetGatewaysCommand({ Filters }))).InternetGateways?.map(
      ({ InternetGatewayId: id, Tags: tags, Attachments }) => ({ id, tags, vpcId: Attachments?.[0]?.VpcId }),
    ),
  ),
  aws_route_table: byName(async (ec2, Filters) =>
    (await ec2.send(new DescribeRouteTablesCommand({ Filters }))).RouteTables?.map(
      ({ RouteTableId: id, Tags: tags, VpcId: vpcId }) => ({ id, tags, vpcId }),
    ),
  ),
  aws_eip: byName(async (ec2, Filters) =>
    (await ec2.send(new DescribeAddressesCommand({ Filters }))).Addresses?.map(({ AllocationId: id, Tags: tags }) => ({
      id,
      tags,
    })),
  ),
  aws_nat_gateway: byName(async (ec2, Filter) =>
    (await ec2.send(new DescribeNatGatewaysCommand({ Filter }))).NatGateways?.filter(isLive).map(
      ({ NatGatewayId: id, Tags: tags, VpcId: vpcId }) => ({ id, tags, vpcId }),
    ),
  ),
  aws_vpc_endpoint: byName(async (ec2, Filters) =>
    (await ec2.send(new DescribeVpcEndpointsCommand({ Filters }))).VpcEndpoints?.filter(isLive).map(
      ({ VpcEndpointId: id, Tags: tags, VpcId: vpcId }) => ({ id, tags, vpcId }),
    ),
  ),
  aws_security_group: byName(async (ec2, Filters) =>
    (await ec2.send(new DescribeSecurityGroupsCommand({ Filters }))).SecurityGroups?.map(
      ({ GroupId: id, Tags: tags, VpcId: vpcId }) => ({ id, tags, vpcId }),
    ),
  ),
  aws_launch_template: byName(async (ec2, Filters) =>
    (await ec2.send(new DescribeLaunchTemplatesCommand({ Filters }))).LaunchTemplates?.map(
      ({ LaunchTemplateId: id, Tags: tags }) => ({ id, tags }),
    ),
  ),
  aws_instance: byName(async (ec2, Filters) => {
    const alive = { Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped"] };
    const { Reservations } = await ec2.send(new DescribeInstancesCommand({ Filters: [...Filters, alive] }));
    return (
      Reservations?.flatMap(({ Instances = [] }) => Instances)
        // An Auto Scaling group's own may bear the same name.
        .filter(({ Tags }) => !Tags?.some(({ Key }) => Key === "aws:autoscaling:groupName"))
        .map(({ InstanceId: id, Tags: tags, VpcId: vpcId }) => ({ id, tags, vpcId }))
    );
  }),
};
