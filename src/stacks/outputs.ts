/** What a deploy prints at the end: addresses, names, and the commands that open a shell. */
import { TerraformOutput, type TerraformStack } from "cdktf";
import type { Bastion } from "../constructs/bastion";
import type { Fleet } from "../constructs/fleet";
import type { LoadBalancer } from "../constructs/load-balancer";
import { firstInstance, sessionCommand, shellWord, sshCommand } from "./access";

export interface Deployed {
  readonly region: string;
  readonly emulated: boolean;
  readonly balancer: Pick<LoadBalancer, "dnsName" | "url" | "targetGroupName" | "targetGroupArn">;
  readonly fleet: Pick<Fleet, "name" | "groupName">;
  readonly bastion: Pick<Bastion, "name" | "instanceId" | "publicIp"> | undefined;
  /** Names of the key pairs, plain: a reference could not be quoted for the shell. */
  readonly keys: { readonly fleet: string | undefined; readonly bastion: string | undefined };
}

/** A line an output; one without a value is left out, and on the emulator what would lead to a stranger's server. */
export function addOutputs(
  stack: TerraformStack,
  { region, emulated, balancer, fleet, bastion, keys }: Deployed,
): void {
  const jump =
    bastion === undefined || keys.bastion === undefined
      ? undefined
      : { keyName: keys.bastion, address: bastion.publicIp };
  const groupName = shellWord(fleet.name, fleet.groupName);
  const outputs: readonly (readonly [id: string, value: string | undefined, description: string])[] = [
    ["load_balancer_dns_name", balancer.dnsName, "Address of the load balancer"],
    ["url", balancer.url, "The application"],
    ["target_group_name", balancer.targetGroupName, "Where the load balancer finds the application servers"],
    ["target_group_arn", balancer.targetGroupArn, "For: aws elbv2 describe-target-health --target-group-arn …"],
    ["auto_scaling_group_name", fleet.groupName, "The application servers"],
    ["session_on_app", sessionCommand(region, firstInstance(region, groupName)), "A shell on an application server"],
    ["bastion_name", bastion?.name, "The bastion"],
    ["bastion_instance_id", bastion?.instanceId, "The bastion's id"],
    ["bastion_public_ip", bastion?.publicIp, "The bastion's address"],
    ["session_on_bastion", bastion && sessionCommand(region, bastion.instanceId), "A shell on the bastion"],
    ["ssh_to_bastion", jump && sshCommand(jump.keyName, jump.address), "SSH to the bastion"],
    [
      "ssh_to_app",
      jump && keys.fleet && sshCommand(keys.fleet, "PRIVATE_IP", jump),
      "SSH to an application server, through the bastion",
    ],
  ];
  for (const [id, value, description] of outputs) {
    if (value !== undefined && !(emulated && REACHES_SERVERS.includes(id)))
      new TerraformOutput(stack, id, { value, description });
  }
}

/** The emulator runs no servers: its public addresses are made up, and its sessions would be opened with real credentials. */
const REACHES_SERVERS: readonly string[] = [
  "session_on_app",
  "bastion_public_ip",
  "session_on_bastion",
  "ssh_to_bastion",
  "ssh_to_app",
];
