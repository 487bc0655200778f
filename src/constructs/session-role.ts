import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";
import { calls, type Actions } from "./actions";

const SESSION_MANAGER = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore";
const EC2 = "ec2.amazonaws.com";

export const sessionRoleActions: Actions = {
  look: calls(
    "iam",
    "GetRole GetInstanceProfile ListAttachedRolePolicies ListInstanceProfilesForRole ListRolePolicies",
  ),
  build: calls(
    "iam",
    `CreateRole DeleteRole UpdateRole UpdateAssumeRolePolicy TagRole UntagRole
     CreateInstanceProfile DeleteInstanceProfile TagInstanceProfile UntagInstanceProfile
     AddRoleToInstanceProfile RemoveRoleFromInstanceProfile`,
  ),
  roles: { attach: [SESSION_MANAGER], passTo: [EC2] },
};

export interface SessionRoleProps {
  readonly name: string;
}

/** The role of an instance: it allows Session Manager to open a shell, and nothing else in the account. */
export class SessionRole extends Construct {
  /** Depends on the policy's attachment: an instance that starts earlier is unknown to Session Manager for a while. */
  readonly instanceProfile: IamInstanceProfile;

  constructor(scope: Construct, id: string, props: SessionRoleProps) {
    super(scope, id);
    const { name } = props;
    const role = new IamRole(this, "role", {
      name,
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: EC2 } }],
      }),
    });
    const policy = new IamRolePolicyAttachment(this, "session-manager", {
      role: role.name,
      policyArn: SESSION_MANAGER,
    });
    this.instanceProfile = new IamInstanceProfile(this, "instance-profile", {
      name,
      role: role.name,
      dependsOn: [policy],
    });
  }
}
