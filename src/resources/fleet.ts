/** The application servers: their launch template and their Auto Scaling group. */
import { always, sum, type Charged, type Context, type Item } from "../cost/model";
import type { PlannedChange } from "../terraform/plan";
import { blocks, isTrue, section, type Values } from "../terraform/values";
import { detailedMonitoring, instances, launchAddresses, mappedDisks, surplus } from "./charges";
import { launched, newVersion, rollingReplacement, serversOf, templateOf, waitingOf } from "./group";
import { lacksTags } from "./policies";
import type { ResourceTypes } from "./resource-type";

const groupCost: Item = (group, context) => {
  if (blocks(group, "mixed_instances_policy").length > 0)
    return [
      { unpriced: "it launches instances of several types, or on spot: neither they nor their disks are priced" },
    ];
  const template = templateOf(group, context.stack.of("aws_launch_template"));
  if (template === undefined) return [{ unpriced: "its launch template is not known" }];
  const servers = serversOf(group, context);
  if (servers === undefined) return [{ unpriced: "its sizes are not known" }];
  const waiting = waitingOf(group, servers);
  const all = sum([servers, waiting.number]);
  const running = waiting.running ? all : servers;
  return [
    ...instances(template, servers, "application servers", context),
    ...(waiting.running ? instances(template, waiting.number, "warm pool", context) : []),
    ...mappedDisks(template, all),
    ...launchAddresses(addressOf(template), group["vpc_zone_identifier"], running, context),
    ...detailedMonitoring(section(template, "monitoring")["enabled"], running),
    ...surplus(template, servers, context.usage),
  ];
};

/** What one server in service costs. */
export const runningServer = (group: Values, template: Values, context: Context): Charged[] => [
  ...instances(template, always(1), "servers", context),
  ...stoppedServer(template),
  ...launchAddresses(addressOf(template), group["vpc_zone_identifier"], always(1), context),
  ...detailedMonitoring(section(template, "monitoring")["enabled"], always(1)),
];

/** What one server costs that exists and is stopped: its disks. */
export const stoppedServer = (template: Values): Charged[] => mappedDisks(template, always(1));

const addressOf = (template: Values) => blocks(template, "network_interfaces")[0]?.["associate_public_ip_address"];

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
    // It sets the default version with the next version, and makes none.
    harmless: ["update_default_version"],
    consequences: [{ id: "new-template-version", on: ["update"], sentence: newVersion }],
  },

  aws_autoscaling_group: {
    cost: groupCost,
    servers: serversOf,
    precious: true,
    policies: {
      "numbered-template-version": (values) =>
        launched(values).some(({ version }) => version === "$Latest" || version === "$Default"),
      // The provider's default tags do not apply to a group or to the instances that it launches.
      tags: (values) => lacksTags(blocks(values, "tag").map(({ key }) => key)),
    },
    // Terraform's own, and those of an instance refresh: none of them starts one.
    harmless: [
      ...["tag", "enabled_metrics", "metrics_granularity", "instance_refresh"],
      ...["min_elb_capacity", "wait_for_capacity_timeout", "force_delete"],
    ],
    consequences: [
      { id: "rolling-replacement", on: ["update"], sentence: rollingReplacement },
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
