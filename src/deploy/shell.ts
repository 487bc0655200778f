/** Variables of the user's shell that would lead Terraform or the AWS SDK somewhere else than the settings do. */
import { Problem } from "../machine/problem";

/** Terraform's, and cdktf's choice of the program. https://developer.hashicorp.com/terraform/cli/config/environment-variables */
const TERRAFORMS: readonly (readonly [name: RegExp, effect: string])[] = [
  [/^TF_WORKSPACE$/, "Terraform would use the state of another workspace"],
  [/^TF_DATA_DIR$/, "Terraform would use the backend and the providers of another folder"],
  [/^TF_CLI_ARGS(_.*)?$/, "Terraform would get arguments that no command here knows of"],
  [/^TF_REATTACH_PROVIDERS$/, "Terraform would use another provider"],
  [/^TERRAFORM_BINARY_NAME$/, "cdktf would run another program than Terraform"],
];

/** The plan role of the GitHub workflows may not write, a lock included. */
const ALLOWED: Readonly<Record<string, string>> = {
  TF_CLI_ARGS_plan: "-lock=false",
  TERRAFORM_BINARY_NAME: "terraform",
};

/**
 * The endpoint of one service or of all, as the SDKs, Terraform's provider and its S3 backend know it.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
 * https://developer.hashicorp.com/terraform/language/backend/s3#custom-service-endpoints
 */
const ENDPOINT = /^(AWS_ENDPOINT_URL(_\w+)?|(TF_)?AWS_(S3|STS|SSO|IAM|EC2|ELBV2|DYNAMODB)_ENDPOINT(_URL)?)$/;
/** AWS's own, such as an interface endpoint of a VPC: vpce-….sts.ap-south-1.vpce.amazonaws.com. */
const OF_AWS = /\.(amazonaws\.com(\.cn)?|api\.aws)$/;

/**
 * @param reached what the command asks: a real account, or nothing but files
 * @throws Problem with a line for each variable that leads somewhere else
 */
export function refuseForeignVariables(env: NodeJS.ProcessEnv, reached: "account" | "files"): void {
  const problems = Object.entries(env).flatMap(([name, value = ""]) => {
    const effect = TERRAFORMS.find(([pattern]) => pattern.test(name))?.[1] ?? elsewhere(reached, name, value);
    return value === "" || effect === undefined || ALLOWED[name] === value
      ? []
      : `${name} is set (${value}): ${effect}; unset it`;
  });
  if (problems.length > 0) throw new Problem(problems.join("\n"));
}

const elsewhere = (reached: "account" | "files", name: string, value: string) =>
  reached === "account" && ENDPOINT.test(name) && !OF_AWS.test(URL.canParse(value) ? new URL(value).hostname : "")
    ? "that is not AWS, to which this environment is deployed"
    : undefined;
