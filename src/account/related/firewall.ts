/** Security groups, found by what is in them, and their rules, found by what they let through. */
import {
  DescribeLaunchTemplateVersionsCommand,
  DescribeSecurityGroupsCommand,
  paginateDescribeSecurityGroupRules,
  type SecurityGroupRule,
} from "@aws-sdk/client-ec2";
import { DescribeLoadBalancersCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Relation, Relations, Seeker } from "../../takeover/relation";
import type { Clients } from "../clients";
import { thing } from "./thing";

export const firewall: Relations = {
  aws_default_security_group: "new",

  async aws_security_group(clients, seeker) {
    const ids = await membersGroups(clients, seeker);
    if (ids.length === 0) return [];
    const { SecurityGroups = [] } = await clients.ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [...ids] }));
    return SecurityGroups.flatMap(({ GroupId, Tags, GroupName }) => thing(GroupId, Tags, GroupName));
  },

  aws_vpc_security_group_ingress_rule: rule(false),
  aws_vpc_security_group_egress_rule: rule(true),
};

/** The groups of the load balancer, or of the servers, that is in it; the bastion's is what the servers let in on the same port. */
async function membersGroups(clients: Clients, { referring }: Seeker): Promise<readonly string[]> {
  const [balancer] = referring("aws_lb", "security_groups");
  if (balancer !== undefined) {
    const asked = new DescribeLoadBalancersCommand({ LoadBalancerArns: [await balancer.self()] });
    return (await clients.balancing.send(asked)).LoadBalancers?.[0]?.SecurityGroups ?? [];
  }
  const [template] = referring("aws_launch_template", "vpc_security_group_ids");
  if (template !== undefined) return launchedIn(clients, await template.self());
  const [into] = referring("aws_vpc_security_group_ingress_rule", "referenced_security_group_id");
  if (into === undefined) return [];
  const port = Number(await into.needed("from_port"));
  const rules = await rulesOf(clients, await into.needed("security_group_id"));
  return rules
    .filter(({ IsEgress, FromPort = 0, ToPort = 65535 }) => IsEgress === false && FromPort <= port && port <= ToPort)
    .flatMap(({ ReferencedGroupInfo }) => ReferencedGroupInfo?.GroupId ?? []);
}

/** A template names its security groups itself, or those of a network interface. */
async function launchedIn({ ec2 }: Clients, LaunchTemplateId: string): Promise<readonly string[]> {
  const asked = new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions: ["$Latest"] });
  const data = (await ec2.send(asked)).LaunchTemplateVersions?.[0]?.LaunchTemplateData;
  return [...(data?.SecurityGroupIds ?? []), ...(data?.NetworkInterfaces?.flatMap(({ Groups = [] }) => Groups) ?? [])];
}

async function rulesOf({ ec2 }: Clients, group: string): Promise<readonly SecurityGroupRule[]> {
  const rules: SecurityGroupRule[] = [];
  const Filters = [{ Name: "group-id", Values: [group] }];
  for await (const { SecurityGroupRules = [] } of paginateDescribeSecurityGroupRules({ client: ec2 }, { Filters }))
    rules.push(...SecurityGroupRules);
  return rules;
}

/** Terraform imports a rule that was written inside its group like any other, by its id. */
function rule(egress: boolean): Relation {
  return async (clients, { needed, written }) => {
    const source = written("referenced_security_group_id") && (await needed("referenced_security_group_id"));
    const port = (attribute: string) => Number(written(attribute) ?? -1);
    const all = await rulesOf(clients, await needed("security_group_id"));
    return all
      .filter(
        (each) =>
          each.IsEgress === egress &&
          each.IpProtocol === written("ip_protocol") &&
          (each.FromPort ?? -1) === port("from_port") &&
          (each.ToPort ?? -1) === port("to_port") &&
          each.CidrIpv4 === written("cidr_ipv4") &&
          each.CidrIpv6 === written("cidr_ipv6") &&
          each.ReferencedGroupInfo?.GroupId === source,
      )
      .flatMap(({ SecurityGroupRuleId, Tags, Description }) => thing(SecurityGroupRuleId, Tags, Description));
  };
}
