import { DefaultSecurityGroup } from "@cdktf/provider-aws/lib/default-security-group";
import { Eip } from "@cdktf/provider-aws/lib/eip";
import { InternetGateway } from "@cdktf/provider-aws/lib/internet-gateway";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway";
import { Route } from "@cdktf/provider-aws/lib/route";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association";
import { Subnet } from "@cdktf/provider-aws/lib/subnet";
import { Vpc } from "@cdktf/provider-aws/lib/vpc";
import { VpcEndpoint } from "@cdktf/provider-aws/lib/vpc-endpoint";
import { dependable, type ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { INTERNET } from "../aws/internet";
import { subnetsOf } from "../aws/subnets";
import { calls, type Actions } from "./actions";

export const networkActions: Actions = {
  look: ["ec2:Describe*"],
  build: calls(
    "ec2",
    `CreateVpc DeleteVpc ModifyVpcAttribute CreateSubnet DeleteSubnet ModifySubnetAttribute
     CreateInternetGateway DeleteInternetGateway AttachInternetGateway DetachInternetGateway
     AllocateAddress ReleaseAddress AssociateAddress DisassociateAddress CreateNatGateway DeleteNatGateway
     CreateVpcEndpoint ModifyVpcEndpoint DeleteVpcEndpoints
     CreateRouteTable DeleteRouteTable AssociateRouteTable DisassociateRouteTable ReplaceRouteTableAssociation
     CreateRoute ReplaceRoute DeleteRoute CreateTags DeleteTags`,
  ),
};

export interface NetworkProps {
  /** Name of the VPC, and the beginning of all other names. */
  readonly name: string;
  readonly region: string;
  /** Block of the VPC, split evenly into one public and one private subnet per zone. */
  readonly cidr: string;
  /** Availability zones; the single NAT gateway is in the first. */
  readonly zones: readonly string[];
  readonly nat: "single" | "perZone" | "none";
}

/**
 * A VPC with one public and one private subnet per zone; private subnets reach the internet through NAT gateways only.
 *
 * A NAT gateway costs by the hour and by the GB; one for all zones is a single point of failure. Each zone has a private
 * route table of its own from the start, so that a switch from `single` to `perZone` updates a route and moves no subnet.
 *
 * @example new Network(this, "network", { name: "myvpc", region: "ap-south-1", cidr: "192.168.1.0/24", zones: ["ap-south-1a", "ap-south-1b"], nat: "single" })
 */
export class Network extends Construct {
  readonly vpcId: string;
  /** In the order of the zones. */
  readonly publicSubnetIds: readonly string[];
  /** In the order of the zones. */
  readonly privateSubnetIds: readonly string[];
  /** Whatever has a public address must depend on it, or it cannot be detached on destroy. */
  readonly internetGateway: ITerraformDependable;
  /** An instance that needs the internet while it boots must depend on them. */
  readonly privateRoutes: readonly ITerraformDependable[];

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const { name, region, cidr, zones, nat } = props;
    const tags = (suffix: string) => ({ Name: `${name}-${suffix}` });

    const vpc = new Vpc(this, "vpc", {
      cidrBlock: cidr,
      enableDnsHostnames: true,
      enableDnsSupport: true,
      tags: { Name: name },
    });
    // It has no rule: nothing may rely on the default group that AWS creates in every VPC.
    new DefaultSecurityGroup(this, "default-security-group", { vpcId: vpc.id, tags: tags("default-closed") });

    const internetGateway = new InternetGateway(this, "internet-gateway", {
      vpcId: vpc.id,
      tags: tags("internet-gateway"),
    });
    const publicTable = new RouteTable(this, "public-route-table", { vpcId: vpc.id, tags: tags("public") });
    const publicRoute = new Route(this, "public-route", {
      routeTableId: publicTable.id,
      destinationCidrBlock: INTERNET,
      gatewayId: internetGateway.id,
    });

    const subnets = subnetsOf(cidr, zones).map(({ kind, zone, cidr: cidrBlock }) => {
      const letter = zone.slice(-1);
      const subnet = new Subnet(this, `${kind}-subnet-${letter}`, {
        vpcId: vpc.id,
        availabilityZone: zone,
        cidrBlock,
        tags: tags(`${kind}-${letter}`),
      });
      const routeTable =
        kind === "public"
          ? publicTable
          : new RouteTable(this, `private-route-table-${letter}`, { vpcId: vpc.id, tags: tags(`private-${letter}`) });
      const association = new RouteTableAssociation(this, `${kind}-route-table-association-${letter}`, {
        subnetId: subnet.id,
        routeTableId: routeTable.id,
        ...(kind === "public" && { dependsOn: [publicRoute] }),
      });
      return { kind, letter, subnetId: subnet.id, routeTableId: routeTable.id, association };
    });
    const publicSubnets = subnets.filter(({ kind }) => kind === "public");
    const privateSubnets = subnets.filter(({ kind }) => kind === "private");

    const natCount = { single: 1, perZone: zones.length, none: 0 }[nat];
    const natGateways = publicSubnets.slice(0, natCount).map(({ letter, subnetId }) => {
      const address = new Eip(this, `nat-address-${letter}`, {
        domain: "vpc",
        tags: tags(`nat-${letter}`),
        dependsOn: [internetGateway],
      });
      return new NatGateway(this, `nat-gateway-${letter}`, {
        allocationId: address.id,
        subnetId,
        tags: tags(`nat-${letter}`),
        dependsOn: [internetGateway],
      });
    });
    this.privateRoutes = privateSubnets.flatMap(({ letter, routeTableId, association }, index) => {
      const natGateway = natGateways[index] ?? natGateways[0];
      if (natGateway === undefined) return [];
      const route = new Route(this, `private-route-${letter}`, {
        routeTableId,
        destinationCidrBlock: INTERNET,
        natGatewayId: natGateway.id,
      });
      // A subnet that moves to this table, as in a takeover, would have no way out until the route is there.
      association.dependsOn = [dependable(route)];
      return route;
    });

    // Free of charge, and keeps traffic to S3 out of the NAT gateway, which bills by the GB.
    new VpcEndpoint(this, "s3-endpoint", {
      vpcId: vpc.id,
      serviceName: `com.amazonaws.${region}.s3`,
      vpcEndpointType: "Gateway",
      routeTableIds: privateSubnets.map(({ routeTableId }) => routeTableId),
      tags: tags("s3"),
    });

    this.vpcId = vpc.id;
    this.publicSubnetIds = publicSubnets.map(({ subnetId }) => subnetId);
    this.privateSubnetIds = privateSubnets.map(({ subnetId }) => subnetId);
    this.internetGateway = internetGateway;
  }
}
