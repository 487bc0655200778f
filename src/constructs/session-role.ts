import { IamInstanceProfile } from "@cdktf/provider-aws/lib/iam-instance-profile";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment";
import { Construct } from "constructs";

export interface SessionRoleProps {
  readonly name: string;
}

/** The role of an instance that Session Manager may open a shell on, and that may do nothing else in the account. */
export class SessionRole extends Construct {
  /** Given out only once the policy is attached: an instance that starts earlier stays unknown to Session Manager for a while. */
  readonly instanceProfile: IamInstanceProfile;

  constructor(scope: Construct, id: string, props: SessionRoleProps) {
    super(scope, id);
    const { name } = props;
    const role = new IamRole(this, "role", {
      name,
      assumeRolePolicy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "ec2.amazonaws.com" } }],
      }),
    });
    const policy = new IamRolePolicyAttachment(this, "session-manager", {
      role: role.name,
      policyArn: "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
    });
    this.instanceProfile = new IamInstanceProfile(this, "instance-profile", {
      name,
      role: role.name,
      dependsOn: [policy],
    });
  }
}
