import { refuseProtected } from "../../src/deploy/protection";
import { resourceTypes } from "../../src/resources/tables";

const resource = (type: string, values: Readonly<Record<string, unknown>>) => ({
  type,
  address: `${type}.x`,
  region: "ap-south-1",
  values,
});
const refused = (...resources: ReturnType<typeof resource>[]) => {
  refuseProtected("production", resources, resourceTypes);
};

test("each protected resource is named once, with what turns it off, and then the way on", () => {
  const balancer = resource("aws_lb", { enable_deletion_protection: true });
  expect(() => refused(balancer, balancer, resource("aws_db_instance", { deletion_protection: true }))).toThrow(
    [
      'aws_lb.x is protected against deletion: set loadBalancer.deletionProtection to { off: "REASON" }',
      "aws_db_instance.x is protected against deletion: set deletion_protection = false",
      "Nothing was destroyed. After that: npm run deploy -- production, then npm run destroy -- production production",
    ].join("\n"),
  );
});

test("what is not protected may be destroyed", () => {
  refused(resource("aws_lb", { enable_deletion_protection: false }), resource("aws_vpc", {}), resource("null_x", {}));
});
