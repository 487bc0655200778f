/** The application servers: their launch template and their Auto Scaling group. */
import type { Amount, Charged, Item } from "../cost/model";
import type { PlannedChange } from "../terraform/plan";
import { blocks, isTrue, section, type Values } from "../terraform/values";
import { disks, instances, metrics, spot, surplus } from "./charges";
import { rollingReplacement, serversOf, templateOf, waitingOf } from "./group";
import { lacksTags } from "./policies";
import type { ResourceTypes } from "./resource-type";

const groupCost: Item = (group, context) => {
  if (blocks(group, "mixed_instances_policy").length > 0)
    return [{ unpriced: "it launches instances of several types" }];
  const template = templateOf(group, context.stack.of("aws_launch_template"));
  if (template === undefined) return [{ unpriced: "its launch template is not known" }];
  const servers = serversOf(group, context);
  if (servers === undefined) return [{ unpriced: "its sizes are not known" }];
  const waiting = waitingOf(group, servers);
  return [
    ...runningServers(template, servers, "application servers"),
    ...(blocks(group, "warm_pool").length > 0
      ? (waiting.running ? runningServers : stoppedServers)(template, waiting.number, "warm pool")
      : []),
    ...surplus(template, servers, context.usage),
    ...spot(template),
  ];
};

/** @param what the servers are called in the bill */
export const runningServers = (template: Values, number: Amount, what: string): Charged[] => [
  ...instances(template, number, what),
  ...stoppedServers(template, number),
  ...(isTrue(section(template, "monitoring")["enabled"]) ? [metrics(number)] : []),
];

/** The disks of servers that exist, in service or not. */
export const stoppedServers = (template: Values, number: Amount): Charged[] =>
  disks(
    blocks(template, "block_device_mappings").flatMap((mapping) => blocks(mapping, "ebs")),
    number,
  );

export const fleet: ResourceTypes = {
  aws_launch_template: {
    cost: "free",
    policies: {
      imdsv2: lacksImdsv2,
      // A disk without settings is encrypted only if that is the account's default, which a plan does not show.
      encryption(values) {
        const all = blocks(values, "block_device_mappings").flatMap((mapping) => blocks(mapping, "ebs"));
        return all.length === 0 || all.some(isPlain);
      },
    },
    consequences: [{ id: "rolling-replacement", on: ["update"], sentence: rollingReplacement }],
  },

  aws_autoscaling_group: {
    cost: groupCost,
    servers: serversOf,
    precious: true,
    policies: {
      "numbered-template-version": (values) =>
        templates(values).some(({ version }) => version === "$Latest" || version === "$Default"),
      // The provider's default tags do not apply to a group or to the instances that it launches.
      tags: (values) => lacksTags(blocks(values, "tag").map(({ key }) => key)),
    },
    consequences: [
      { id: "desired-capacity", on: ["update"], sentence: desiredCapacity },
      {
        id: "fleet-deleted",
        on: ["replace", "delete"],
        sentence: ({ change: { before } }) =>
          `Auto Scaling group ${String(before?.["name"])} is deleted or replaced, with every server in it`,
      },
    ],
  },

  aws_key_pair: { cost: "free" },
};

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html */
export function lacksImdsv2(values: Values): boolean {
  return section(values, "metadata_options")["http_tokens"] !== "required";
}

export const isPlain = ({ encrypted }: Values) => !isTrue(encrypted);

function desiredCapacity({ change: { before, after } }: PlannedChange): string | undefined {
  const [was, is] = [before?.["desired_capacity"], after?.["desired_capacity"]];
  return is === undefined || was === is
    ? undefined
    : `desired capacity is set: a scaled-out group would ${Number(is) < Number(was) ? "shrink" : "change"} from ${String(Number(was))} to ${String(Number(is))}`;
}

/** A group's launch template, or those of its mixed instances. */
function templates(group: Values): Values[] {
  const mixed = blocks(group, "mixed_instances_policy").flatMap((policy) => blocks(policy, "launch_template"));
  return [
    ...blocks(group, "launch_template"),
    ...mixed.flatMap((template) => blocks(template, "launch_template_specification")),
  ];
}
