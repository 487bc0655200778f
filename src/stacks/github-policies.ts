/** What GitHub's workflows may do in the account: look at everything that a plan looks at, or make and change it. */
import type { DataAwsIamPolicyDocumentStatement as Statement } from "@cdktf/provider-aws/lib/data-aws-iam-policy-document";
import type { Environments } from "../config/validate";
import { nameIn } from "../aws/names";

/** The only policy that an instance's role has, so the only one that a deploy may attach. */
const SESSION_MANAGER = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";

/**
 * Reads what Terraform reads to plan, and what `verify` asks for; no data of anybody's but the environments' states, which may
 * hold what is sensitive. AWS's own ReadOnlyAccess also reads every bucket, queue and table of the account.
 *
 * @param states ARNs of the states, and of the bucket that they are in
 */
export function planPolicy(environments: Environments, states: readonly string[], bucketArn: string): Statement[] {
  return [
    { sid: "FindState", actions: ["s3:ListBucket"], resources: [bucketArn] },
    { sid: "ReadState", actions: ["s3:GetObject"], resources: [...states] },
    ...look(environments),
  ];
}

/** @param statePolicy what reads, writes and locks the states */
export function deployPolicy(environments: Environments, statePolicy: readonly Statement[]): Statement[] {
  const roles = arns(environments, "role");
  const profiles = arns(environments, "instance-profile");
  const logs = logBuckets(environments);
  return [
    ...statePolicy,
    ...look(environments),
    {
      sid: "Build",
      actions: [...NETWORK, ...SERVERS, ...BALANCING, ...SCALING],
      resources: ["*"],
      condition: inRegions(environments),
    },
    { sid: "Roles", actions: ROLES, resources: roles },
    { sid: "InstanceProfiles", actions: PROFILES, resources: [...roles, ...profiles] },
    // A role with more than that would be a way to every right in the account.
    {
      sid: "SessionManagerOnly",
      actions: ["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
      resources: roles,
      condition: [{ test: "ArnEquals", variable: "iam:PolicyARN", values: [SESSION_MANAGER] }],
    },
    {
      sid: "RolesForServers",
      actions: ["iam:PassRole"],
      resources: roles,
      condition: [{ test: "StringEquals", variable: "iam:PassedToService", values: ["ec2.amazonaws.com"] }],
    },
    // AWS's own, which come with the first load balancer and the first group of an account.
    {
      sid: "ServiceRoles",
      actions: ["iam:CreateServiceLinkedRole"],
      resources: ["arn:aws:iam::*:role/aws-service-role/*"],
      condition: [
        {
          test: "StringEquals",
          variable: "iam:AWSServiceName",
          values: ["autoscaling.amazonaws.com", "elasticloadbalancing.amazonaws.com"],
        },
      ],
    },
    ...(logs.length > 0
      ? [{ sid: "AccessLogs", actions: LOG_BUCKETS, resources: logs.flatMap((arn) => [arn, `${arn}/*`]) }]
      : []),
  ];
}

/** AWS has no resources to name for most of what describes: https://docs.aws.amazon.com/service-authorization/latest/reference */
function look(environments: Environments): Statement[] {
  const logs = logBuckets(environments);
  return [
    {
      sid: "Look",
      actions: [
        "ec2:Describe*",
        "ec2:GetInstanceUefiData",
        "elasticloadbalancing:Describe*",
        "autoscaling:Describe*",
        "cloudwatch:DescribeAlarms",
        "cloudwatch:ListTagsForResource",
        "sts:GetCallerIdentity",
      ],
      resources: ["*"],
    },
    {
      sid: "LookAtRoles",
      actions: [
        "iam:GetRole",
        "iam:GetInstanceProfile",
        "iam:ListAttachedRolePolicies",
        "iam:ListInstanceProfilesForRole",
        "iam:ListRolePolicies",
      ],
      resources: [...arns(environments, "role"), ...arns(environments, "instance-profile")],
    },
    {
      sid: "LookUpImages",
      actions: ["ssm:GetParameter"],
      resources: ["arn:aws:ssm:*::parameter/aws/service/ami-amazon-linux-latest/*"],
    },
    ...(logs.length > 0 ? [{ sid: "LookAtAccessLogBuckets", actions: LOOK_AT_BUCKETS, resources: logs }] : []),
  ];
}

const NETWORK = [
  ...["CreateVpc", "DeleteVpc", "ModifyVpcAttribute", "CreateSubnet", "DeleteSubnet", "ModifySubnetAttribute"],
  ...["CreateInternetGateway", "DeleteInternetGateway", "AttachInternetGateway", "DetachInternetGateway"],
  ...["AllocateAddress", "ReleaseAddress", "AssociateAddress", "DisassociateAddress"],
  ...["CreateNatGateway", "DeleteNatGateway", "CreateVpcEndpoint", "ModifyVpcEndpoint", "DeleteVpcEndpoints"],
  ...["CreateRouteTable", "DeleteRouteTable", "AssociateRouteTable", "DisassociateRouteTable"],
  ...["ReplaceRouteTableAssociation", "CreateRoute", "ReplaceRoute", "DeleteRoute"],
  ...["CreateSecurityGroup", "DeleteSecurityGroup", "ModifySecurityGroupRules"],
  ...["AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress"],
  ...["RevokeSecurityGroupIngress", "RevokeSecurityGroupEgress"],
  ...["UpdateSecurityGroupRuleDescriptionsIngress", "UpdateSecurityGroupRuleDescriptionsEgress"],
  ...["CreateTags", "DeleteTags"],
].map((action) => `ec2:${action}`);

const SERVERS = [
  ...["CreateLaunchTemplate", "CreateLaunchTemplateVersion", "ModifyLaunchTemplate", "DeleteLaunchTemplate"],
  ...["RunInstances", "StartInstances", "StopInstances", "TerminateInstances", "ModifyInstanceAttribute"],
  ...["ModifyInstanceMetadataOptions", "ModifyInstanceCreditSpecification", "ModifyVolume"],
  ...["MonitorInstances", "UnmonitorInstances", "AssociateIamInstanceProfile", "DisassociateIamInstanceProfile"],
  ...["ReplaceIamInstanceProfileAssociation", "ImportKeyPair", "DeleteKeyPair"],
].map((action) => `ec2:${action}`);

const BALANCING = [
  ...["CreateLoadBalancer", "DeleteLoadBalancer", "ModifyLoadBalancerAttributes"],
  ...["SetSecurityGroups", "SetSubnets", "SetIpAddressType"],
  ...["CreateTargetGroup", "DeleteTargetGroup", "ModifyTargetGroup", "ModifyTargetGroupAttributes"],
  ...["CreateListener", "DeleteListener", "ModifyListener", "ModifyListenerAttributes"],
  ...["AddTags", "RemoveTags"],
].map((action) => `elasticloadbalancing:${action}`);

const SCALING = [
  ...[
    ...["CreateAutoScalingGroup", "UpdateAutoScalingGroup", "DeleteAutoScalingGroup", "SetInstanceProtection"],
    ...["CreateOrUpdateTags", "DeleteTags", "PutScalingPolicy", "DeletePolicy"],
    ...["PutScheduledUpdateGroupAction", "BatchPutScheduledUpdateGroupAction", "DeleteScheduledAction"],
    ...["PutWarmPool", "DeleteWarmPool", "StartInstanceRefresh", "CancelInstanceRefresh"],
    ...["AttachLoadBalancerTargetGroups", "DetachLoadBalancerTargetGroups"],
    ...["AttachTrafficSources", "DetachTrafficSources"],
    ...["EnableMetricsCollection", "DisableMetricsCollection", "SuspendProcesses", "ResumeProcesses"],
  ].map((action) => `autoscaling:${action}`),
  ...["PutMetricAlarm", "DeleteAlarms", "TagResource", "UntagResource"].map((action) => `cloudwatch:${action}`),
];

const ROLES = ["CreateRole", "DeleteRole", "UpdateRole", "UpdateAssumeRolePolicy", "TagRole", "UntagRole"].map(
  (action) => `iam:${action}`,
);

const PROFILES = [
  ...["CreateInstanceProfile", "DeleteInstanceProfile", "TagInstanceProfile", "UntagInstanceProfile"],
  ...["AddRoleToInstanceProfile", "RemoveRoleFromInstanceProfile"],
].map((action) => `iam:${action}`);

/** Of a bucket's settings, the provider reads them all, set or not. */
const LOOK_AT_BUCKETS = [
  ...["ListBucket", "GetBucket*", "GetAccelerateConfiguration", "GetEncryptionConfiguration"],
  ...["GetLifecycleConfiguration", "GetReplicationConfiguration"],
].map((action) => `s3:${action}`);

const LOG_BUCKETS = [
  ...["CreateBucket", "DeleteBucket", "ListBucketVersions", "DeleteObject", "DeleteObjectVersion"],
  ...["PutBucketPolicy", "DeleteBucketPolicy", "PutBucketPublicAccessBlock", "PutBucketTagging"],
  ...["PutEncryptionConfiguration", "PutLifecycleConfiguration"],
].map((action) => `s3:${action}`);

const inRegions = (environments: Environments) => [
  {
    test: "StringEquals",
    variable: "aws:RequestedRegion",
    values: [...new Set(Object.values(environments).map(({ region }) => region))].sort(),
  },
];

/** Roles and instance profiles of the servers, which bear the same names; a bastion's is still to be deleted when it goes. */
function arns(environments: Environments, kind: "role" | "instance-profile"): string[] {
  return Object.entries(environments).flatMap(([environment, { names }]) =>
    [names.instanceRole, names.bastion].map((name) => `arn:aws:iam::*:${kind}/${nameIn(environment, name)}`),
  );
}

function logBuckets(environments: Environments): string[] {
  return Object.values(environments).flatMap(({ loadBalancer: { accessLogs } }) =>
    accessLogs === undefined ? [] : [`arn:aws:s3:::${accessLogs.bucket}`],
  );
}
