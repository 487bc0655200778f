/** Security groups in an account. */
import { INTERNET, SSH_PORT } from "../aws/internet";
import {
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  paginateDescribeSecurityGroupRules,
  type SecurityGroupRule,
} from "@aws-sdk/client-ec2";
import type { Finder } from "../adopt/finder";
import { nameIn } from "../aws/names";
import { fact, type Fact } from "../verify/fact";
import { vpcsOf } from "./network";
import { nameTag, type Account, type Part } from "./part";
import type { Observed } from "./tables";
import { tagged } from "./tagged";

/** Rules are found by what they allow: AWS accepts no two equal ones, and a group's default rule has no tags. */
const rules =
  (egress: boolean): Finder =>
  async ({ ec2 }, { needed, optional }) => {
    const port = (attribute: string) => Number(optional(attribute) ?? -1);
    const asked = new DescribeSecurityGroupRulesCommand({
      Filters: [{ Name: "group-id", Values: [needed("security_group_id")] }],
    });
    return ((await ec2.send(asked)).SecurityGroupRules ?? [])
      .filter(
        (rule) =>
          rule.IsEgress === egress &&
          rule.IpProtocol === needed("ip_protocol") &&
          (rule.FromPort ?? -1) === port("from_port") &&
          (rule.ToPort ?? -1) === port("to_port") &&
          rule.CidrIpv4 === optional("cidr_ipv4") &&
          rule.CidrIpv6 === optional("cidr_ipv6") &&
          rule.ReferencedGroupInfo?.GroupId === optional("referenced_security_group_id"),
      )
      .map(({ SecurityGroupRuleId: id }) => ({ id }));
  };

async function observe(account: Account) {
  const { ec2 } = account.clients;
  const Filters = [{ Name: "vpc-id", Values: [(await vpcsOf(account))[0]?.VpcId ?? "none"] }];
  const securityGroups = (await ec2.send(new DescribeSecurityGroupsCommand({ Filters }))).SecurityGroups ?? [];
  const groupIds = securityGroups.flatMap(({ GroupId }) => GroupId ?? []);
  const securityGroupRules: SecurityGroupRule[] = [];
  // An empty list of ids is refused, and so is an id that is none.
  if (groupIds.length === 0) return { securityGroups, securityGroupRules };
  for await (const { SecurityGroupRules = [] } of paginateDescribeSecurityGroupRules(
    { client: ec2 },
    { Filters: [{ Name: "group-id", Values: groupIds }] },
  )) {
    securityGroupRules.push(...SecurityGroupRules);
  }
  return { securityGroups, securityGroupRules };
}

export const firewall: Part<Awaited<ReturnType<typeof observe>>> = {
  types: {
    aws_security_group: tagged(async (ec2, Filters) =>
      (await ec2.send(new DescribeSecurityGroupsCommand({ Filters }))).SecurityGroups?.map(
        ({ GroupId: id, Tags: tags, VpcId: vpcId }) => ({ id, tags, vpcId }),
      ),
    ),
    aws_default_security_group: { find: "written over" },
    aws_vpc_security_group_ingress_rule: { find: rules(false) },
    aws_vpc_security_group_egress_rule: { find: rules(true) },
  },

  observe,

  facts(environment, { names, loadBalancer, targetGroup, bastion }, seen) {
    const [balancerGroup, appGroup, bastionGroup] = [
      names.loadBalancerSecurityGroup,
      names.appSecurityGroup,
      names.bastionSecurityGroup,
    ].map((documented) => nameIn(environment, documented)) as [string, string, string];
    return [
      ...groupFacts(seen, balancerGroup, [`tcp ${String(loadBalancer.port)} from ${INTERNET}`]),
      ...groupFacts(seen, appGroup, [
        ...(bastion ? [`tcp ${String(SSH_PORT)} from ${bastionGroup}`] : []),
        `tcp ${String(targetGroup.port)} from ${balancerGroup}`,
      ]),
      ...(bastion
        ? groupFacts(
            seen,
            bastionGroup,
            bastion.sshSources.map((source) => `tcp ${String(SSH_PORT)} from ${source}`).sort(),
          )
        : []),
    ];
  },
};

/** What a security group lets in, in alphabetical order, and that it lets everything out. */
const groupFacts = (seen: Observed, group: string, lets: readonly string[]): Fact[] => [
  fact(`${group} in`, lets, rulesOf(seen, group, "in")),
  fact(`${group} out`, [`all to ${INTERNET}`], rulesOf(seen, group, "out")),
];

function rulesOf(seen: Observed, groupName: string, direction: "in" | "out"): string[] {
  const group = seen.securityGroups.find(({ Tags }) => nameTag(Tags) === groupName);
  return seen.securityGroupRules
    .filter(({ GroupId, IsEgress }) => GroupId === group?.GroupId && IsEgress === (direction === "out"))
    .map(({ IpProtocol, FromPort, ToPort, CidrIpv4, CidrIpv6, ReferencedGroupInfo }) => {
      const ports = FromPort === ToPort ? String(FromPort) : `${String(FromPort)}-${String(ToPort)}`;
      const peer = CidrIpv4 ?? CidrIpv6 ?? groupNames(seen, [ReferencedGroupInfo?.GroupId ?? ""]);
      return IpProtocol === "-1" ? `all to ${peer}` : `${String(IpProtocol)} ${ports} from ${peer}`;
    })
    .sort();
}

export function groupNames(seen: Pick<Observed, "securityGroups">, ids: readonly string[] | undefined): string {
  return (ids ?? []).map((id) => nameTag(seen.securityGroups.find(({ GroupId }) => GroupId === id)?.Tags)).join(", ");
}
