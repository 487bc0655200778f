/** Single instances, such as the bastion. */
import { always } from "../cost/model";
import { blocks, section, type Values } from "../terraform/values";
import { instances, launchAddresses, metrics, ownDisks } from "./charges";
import { isPlain, lacksImdsv2 } from "./fleet";
import type { ResourceTypes } from "./resource-type";

export const bastion: ResourceTypes = {
  aws_instance: {
    cost: (values, context) => [
      ...instances(values, always(1), nameOf(values), context),
      ...ownDisks(values),
      ...launchAddresses(values["associate_public_ip_address"], values["subnet_id"], always(1), context),
      ...(values["monitoring"] === true ? [metrics(always(1))] : []),
    ],
    policies: {
      imdsv2: lacksImdsv2,
      encryption: (values) =>
        rootDisks(values).length === 0 || [...rootDisks(values), ...blocks(values, "ebs_block_device")].some(isPlain),
    },
  },
};

const rootDisks = (values: Values) => blocks(values, "root_block_device");

/** The value of its tag `Name`. */
function nameOf(values: Values): string {
  const name = section(values, "tags")["Name"];
  return typeof name === "string" ? name : "an instance";
}
