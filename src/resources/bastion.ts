/** Single instances, such as the bastion. */
import { always, type Context } from "../cost/model";
import { blocks, section, type Values } from "../terraform/values";
import { detailedMonitoring, instances, launchAddresses, ownDisks } from "./charges";
import { isPlain, lacksImdsv2 } from "./fleet";
import type { ResourceTypes } from "./resource-type";

export const bastion: ResourceTypes = {
  aws_instance: {
    cost: (values, context, address) => [
      ...instances(values, always(1), nameOf(values), context),
      ...ownDisks(values),
      ...(hasElasticAddress(values, context, address)
        ? []
        : launchAddresses(values["associate_public_ip_address"], values["subnet_id"], always(1), context)),
      ...detailedMonitoring(values["monitoring"], always(1)),
    ],
    policies: {
      imdsv2: lacksImdsv2,
      encryption: (values) =>
        rootDisks(values).length === 0 || [...rootDisks(values), ...blocks(values, "ebs_block_device")].some(isPlain),
    },
  },
};

const rootDisks = (values: Values) => blocks(values, "root_block_device");

/** An Elastic IP address, which is billed as a resource of its own, replaces the public address of an instance. */
function hasElasticAddress({ id }: Values, { stack }: Context, address: string): boolean {
  const instances = [
    ...stack.of("aws_eip").map(({ values }) => values["instance"]),
    ...stack.of("aws_eip_association").map(({ values }) => values["instance_id"]),
  ];
  return instances.some((each) => String(each).includes(`${address}.`) || (id !== undefined && each === id));
}

/** The value of its tag `Name`. */
function nameOf(values: Values): string {
  const name = section(values, "tags")["Name"];
  return typeof name === "string" ? name : "an instance";
}
