import { LaunchTemplate } from "@cdktf/provider-aws/lib/launch-template";

interface Document {
  readonly resource: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
}

interface Attributes {
  lifecycle?: { readonly precondition?: unknown };
}

/**
 * A launch template with preconditions. In HCL, cdktf writes the conditions of a `lifecycle` as an attribute, where Terraform takes
 * blocks only: https://developer.hashicorp.com/terraform/language/expressions/custom-conditions#preconditions-and-postconditions
 */
export class CheckedLaunchTemplate extends LaunchTemplate {
  override toHclTerraform(): object {
    const document = super.toHclTerraform() as Document;
    for (const attributes of Object.values(document.resource).flatMap(Object.values) as Attributes[]) {
      const value = { ...attributes.lifecycle };
      const precondition = { isBlock: true, type: "list", storageClassType: "object", value: value.precondition };
      Object.assign(attributes, { lifecycle: { value: { ...value, precondition } } });
    }
    return document;
  }
}
