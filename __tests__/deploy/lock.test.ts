import { explainLock, findLock } from "../../src/deploy/lock";

/** As Terraform 1.11 prints it through cdktf, which puts the stack's name in front. */
const refused = `local  ╷
       │ Error: Error acquiring the state lock
       │ Error message: operation error S3: PutObject, https response error StatusCode: 412, api error PreconditionFailed
       │ Lock Info:
       │   ID:        3dc66592-b27d-abb1-1b10-4fefa4028406
       │   Path:      flask-on-aws-terraform-state/local/terraform.tfstate
       │   Operation: OperationTypeApply
       │   Who:       asha@laptop
       │   Version:   1.11.4
       │   Created:   2026-11-23 08:07:56.107345183 +0000 UTC`;

test("a lock is read out of Terraform's refusal", () => {
  expect(findLock(refused)).toEqual({
    id: "3dc66592-b27d-abb1-1b10-4fefa4028406",
    who: "asha@laptop",
    created: "2026-11-23 08:07:56",
  });
});

test.each(["CORP\\Jane Doe@LAPTOP", "CORP\\Jane Doe@LAPTOP  ", "Ana María (CI) @ build 7\r", "Who: asks@this"])(
  "%j is shown to the end of its line",
  (who) => {
    expect(findLock(refused.replace("asha@laptop", who))?.who).toBe(who.trim());
  },
);

test("nobody's lock is somebody's, not the version's", () => {
  expect(findLock(refused.replace("asha@laptop", ""))?.who).toBe("somebody");
});

test("any other failure is no lock", () => {
  expect(findLock("│ Error: creating IAM Role: EntityAlreadyExists\n│ RequestID: 3dc66592")).toBeUndefined();
});

test("it is explained in one line, with the command that releases it", () => {
  const line = explainLock("local", { id: "1-2", who: "asha@laptop", created: "yesterday" });
  expect(line).not.toContain("\n");
  expect(line).toContain("locked by asha@laptop since yesterday");
  expect(line).toContain("npm run unlock -- local 1-2");
});
