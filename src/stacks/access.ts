/**
 * Command lines that open a shell on an instance, for the outputs; values may be references that Terraform resolves.
 *
 * No double quotes: cdktf 0.21 does not escape them beside a reference when it writes HCL.
 */

interface Jump {
  readonly keyName: string;
  readonly address: string;
}

/**
 * A name as one word of a POSIX shell, in single quotes if it has more than letters, digits and `_ . - + @ /`. Where it needs none,
 * a reference whose value it is may take its place.
 */
export function shellWord(name: string, reference = name): string {
  return /^[\w@+./-]+$/.test(name) ? reference : `'${name.replaceAll("'", String.raw`'\''`)}'`;
}

/** Session Manager: needs no open port and no key. */
export function sessionCommand(region: string, instanceId: string): string {
  return `aws ssm start-session --region ${region} --target ${instanceId}`;
}

/** A shell expression that is the id of one instance of a group. */
export function firstInstance(region: string, groupName: string): string {
  const query = "AutoScalingGroups[0].Instances[0].InstanceId";
  return `$(aws autoscaling describe-auto-scaling-groups --region ${region} --auto-scaling-group-names ${groupName} --query '${query}' --output text)`;
}

/**
 * SSH as Amazon Linux's user, directly or through a bastion; the private keys stay on the operator's machine.
 *
 * @param keyName plain, so that it can be quoted
 */
export function sshCommand(keyName: string, address: string, jump?: Jump): string {
  const proxy = jump && ` -o ProxyCommand=${shellWord(`${sshCommand(jump.keyName, jump.address)} -W %h:%p`)}`;
  return `ssh -i ${shellWord(`${keyName}.pem`)}${proxy ?? ""} ec2-user@${address}`;
}
