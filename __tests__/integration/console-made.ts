/** A system of the same architecture as somebody clicks it together: no names, no tags, the VPC's main route table, no state. */
import { CreateAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import {
  AttachInternetGatewayCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateInternetGatewayCommand,
  CreateLaunchTemplateCommand,
  CreateRouteCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  DescribeRouteTablesCommand,
} from "@aws-sdk/client-ec2";
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { subnetsOf } from "../../src/aws/subnets";
import type { Settings } from "../../src/config/schema";
import type { Cloud } from "./support";

/** Without a NAT gateway, scaling or a bastion; its load balancer happens to have the name that the settings of `local` have. */
export async function consoleMade(cloud: Cloud, VpcId: string, { network, fleet }: Settings): Promise<void> {
  const { ec2, scaling } = cloud;
  const balancing = new ElasticLoadBalancingV2Client(cloud.config);
  const subnets: { kind: string; id: string }[] = [];
  for (const { kind, zone, cidr } of subnetsOf(network.cidr, network.zones)) {
    const made = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: cidr, AvailabilityZone: zone }));
    subnets.push({ kind, id: made.Subnet?.SubnetId ?? "" });
  }
  const idsOf = (kind: string) => subnets.flatMap((each) => (each.kind === kind ? each.id : []));

  const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}));
  const GatewayId = InternetGateway?.InternetGatewayId;
  await ec2.send(new AttachInternetGatewayCommand({ VpcId, InternetGatewayId: GatewayId }));
  const Filters = [{ Name: "vpc-id", Values: [VpcId] }];
  const { RouteTables = [] } = await ec2.send(new DescribeRouteTablesCommand({ Filters }));
  const { RouteTableId } = RouteTables[0] ?? {};
  await ec2.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: "0.0.0.0/0", GatewayId }));

  const group = async (GroupName: string) =>
    (await ec2.send(new CreateSecurityGroupCommand({ VpcId, GroupName, Description: "launch-wizard" }))).GroupId ?? "";
  const [balancerGroup, serverGroup] = [await group("launch-wizard-1"), await group("launch-wizard-2")];
  const IpPermissions = [
    { IpProtocol: "tcp", FromPort: 5000, ToPort: 5000, UserIdGroupPairs: [{ GroupId: balancerGroup }] },
  ];
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: serverGroup, IpPermissions }));

  const { LoadBalancers = [] } = await balancing.send(
    new CreateLoadBalancerCommand({
      Name: "local-web-app-albb",
      Subnets: idsOf("public"),
      SecurityGroups: [balancerGroup],
    }),
  );
  const { TargetGroups = [] } = await balancing.send(
    new CreateTargetGroupCommand({ Name: "clicked", VpcId, Protocol: "HTTP", Port: 5000 }),
  );
  const TargetGroupArn = TargetGroups[0]?.TargetGroupArn;
  await balancing.send(
    new CreateListenerCommand({
      LoadBalancerArn: LoadBalancers[0]?.LoadBalancerArn,
      Protocol: "HTTP",
      Port: 8080,
      DefaultActions: [{ Type: "forward", TargetGroupArn }],
    }),
  );
  const LaunchTemplateName = "clicked";
  await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName,
      LaunchTemplateData: { ImageId: fleet.amiId, InstanceType: "t3.micro", SecurityGroupIds: [serverGroup] },
    }),
  );
  await scaling.send(
    new CreateAutoScalingGroupCommand({
      AutoScalingGroupName: "clicked",
      MinSize: 0,
      MaxSize: 1,
      VPCZoneIdentifier: idsOf("private").join(","),
      TargetGroupARNs: [TargetGroupArn ?? ""],
      LaunchTemplate: { LaunchTemplateName, Version: "$Default" },
    }),
  );
}
