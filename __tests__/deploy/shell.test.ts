/** What the user's shell has for Terraform and the AWS SDK is named, where it would lead somewhere else than the settings do. */
import { refuseForeignVariables } from "../../src/deploy/shell";
import { workspaceOf } from "../../src/deploy/workspace";
import { planIn } from "../../src/deploy/plan";

test.each([
  ["TF_WORKSPACE", "staging", "Terraform would use the state of another workspace; unset it"],
  ["TF_DATA_DIR", "/tmp/data", "Terraform would use the backend and the providers of another folder; unset it"],
  ["TF_CLI_ARGS", "-x", "Terraform would get arguments"],
  ["TF_CLI_ARGS_plan", "-destroy", "Terraform would get arguments"],
  ["TF_CLI_ARGS_apply", "-lock=false", "Terraform would get arguments"],
  ["TF_REATTACH_PROVIDERS", "{}", "Terraform would use another provider"],
  ["TERRAFORM_BINARY_NAME", "tofu", "cdktf would run another program than Terraform"],
  ["AWS_ENDPOINT_URL", "http://localhost:4566", "that is not AWS"],
  ["AWS_ENDPOINT_URL", "http://127.0.0.1:44021", "that is not AWS"],
  ["AWS_ENDPOINT_URL_S3", "https://minio.example.com", "that is not AWS"],
  ["AWS_ENDPOINT_URL_AUTO_SCALING", "not an address", "that is not AWS"],
  ["AWS_ENDPOINT_URL_STS", "https://sts.amazonaws.com.example.com", "that is not AWS"],
  ["AWS_S3_ENDPOINT", "http://localhost:9000", "that is not AWS"],
  ["TF_AWS_STS_ENDPOINT", "http://localhost:4566", "that is not AWS"],
])("%s=%s is named and refused for a real environment, before Terraform runs", async (name, value, why) => {
  const message = `${name} is set (${value}): ${why}`;
  await expect(workspaceOf("production", "/nowhere", { [name]: value })).rejects.toThrow(message);
});

test.each([
  ["TF_WORKSPACE", ""],
  ["TF_CLI_ARGS_plan", "-lock=false"], // of the workflows
  ["TF_LOG", "debug"],
  ["TF_CLI_CONFIG_FILE", "/home/jane/terraform.rc"],
  ["TERRAFORM_BINARY_NAME", "terraform"],
  ["AWS_PROFILE", "work"],
  ["AWS_ENDPOINT_URL_STS", "https://vpce-0a1b-2c3d.sts.ap-south-1.vpce.amazonaws.com"],
  ["AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://[::1]:1338"],
])("%s=%s is the user's own affair", async (name, value) => {
  expect((await workspaceOf("production", "/nowhere", { [name]: value })).env[name]).toBe(value);
});

test("all are named at once, a line each", () => {
  const env = { TF_WORKSPACE: "a", AWS_ENDPOINT_URL: "http://localhost:4566", TF_DATA_DIR: "b" };
  expect(() => refuseForeignVariables(env, "account")).toThrow(
    /^TF_WORKSPACE is set.*; unset it\nAWS_ENDPOINT_URL is set.*; unset it\nTF_DATA_DIR is set.*; unset it$/,
  );
});

test("a plan file asks no account, but Terraform shows it", async () => {
  refuseForeignVariables({ AWS_ENDPOINT_URL: "http://localhost:4566" }, "files");
  await expect(planIn("package.json", { TF_WORKSPACE: "a" })).rejects.toThrow("TF_WORKSPACE is set (a)");
});
