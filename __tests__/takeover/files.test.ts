/** The files of a takeover: the ids that are given, the other state, and what is released from what is kept. */
import type { Kept } from "../../src/config/kept";
import { candidateLines, idsIn } from "../../src/takeover/ids";
import { idsByType, letGo, otherState } from "../../src/takeover/other-state";
import { released } from "../../src/takeover/release";

describe("the file of --ids", () => {
  const ids = (text: string) => idsIn(text, ["aws_vpc.a", "aws_lb.b"], "ids.txt");

  test("has an address and an id in each line, and comments", () => {
    expect([...ids("# mine\naws_vpc.a vpc-1   # My VPC \r\n\naws_lb.b\tarn:aws:x#1\n")]).toEqual([
      ["aws_vpc.a", "vpc-1"],
      ["aws_lb.b", "arn:aws:x#1"],
    ]);
  });

  test("takes the candidates as they are printed", () => {
    const [line = ""] = candidateLines({
      ambiguous: [{ address: "aws_vpc.a", candidates: [{ id: "vpc-1", called: "My VPC " }, { id: "vpc-2" }] }],
    });
    expect(ids(line)).toEqual(new Map([["aws_vpc.a", "vpc-1"]]));
  });

  test("is refused with all that is wrong in it", () => {
    expect(() => ids("aws_vpc.a\naws_x.y z\naws_lb.b 1\naws_lb.b 2\naws_vpc.a 1 2")).toThrow(
      [
        'ids.txt:1: "aws_vpc.a" is not ADDRESS ID',
        "ids.txt:2: aws_x.y is no resource of this environment",
        "ids.txt:4: aws_lb.b is given twice",
        'ids.txt:5: "aws_vpc.a 1 2" is not ADDRESS ID',
      ].join("\n"),
    );
  });
});

describe("the other state", () => {
  const resource = (type: string, attributes: object, more: object = {}) => ({
    mode: "managed",
    type,
    name: "this",
    instances: [{ attributes }],
    ...more,
  });
  const subnets = {
    instances: ["a", 'b"c'].map((index_key) => ({ index_key, attributes: { id: `subnet-${index_key}` } })),
  };
  const other = otherState(
    {
      version: 4,
      resources: [
        resource("aws_route", { id: "r-1", route_table_id: "rtb-1", destination_cidr_block: "0.0.0.0/0" }),
        resource("aws_subnet", {}, { module: 'module.net["x"]', ...subnets }),
        resource("aws_security_group_rule", { id: "sgrule-1", security_group_rule_id: "sgr-1" }),
        resource("aws_ami", { id: "ami-1" }, { mode: "data" }),
        resource("aws_s3_bucket", { id: "theirs" }),
      ],
    },
    "old.tfstate",
  );

  test("gives the ids that an import takes, and no data sources", () => {
    expect(other.map(({ address, id }) => `${address} ${id}`)).toEqual([
      "aws_route.this rtb-1_0.0.0.0/0",
      'module.net["x"].aws_subnet.this["a"] subnet-a',
      'module.net["x"].aws_subnet.this["b\\"c"] subnet-b"c',
      "aws_security_group_rule.this sgr-1",
      "aws_s3_bucket.this theirs",
    ]);
    expect(idsByType(other).get("aws_vpc_security_group_ingress_rule")).toEqual(new Set(["sgr-1"]));
  });

  test("lets go what was taken: whole resources by a block, without keys; what is not taken stays", () => {
    const { blocks, addresses, staying } = letGo(other, [
      { type: "aws_route", id: "rtb-1_0.0.0.0/0" },
      { type: "aws_subnet", id: "subnet-a" },
      { type: "aws_subnet", id: 'subnet-b"c' },
      { type: "aws_vpc_security_group_ingress_rule", id: "sgr-1" },
    ]);
    expect(blocks.match(/from = .*/g)).toEqual([
      "from = aws_route.this",
      "from = module.net.aws_subnet.this",
      "from = aws_security_group_rule.this",
    ]);
    expect(blocks).toContain("lifecycle {\n    destroy = false\n  }");
    expect(addresses).toHaveLength(4);
    expect(staying).toEqual(["aws_s3_bucket.this"]);
  });

  test("of which only a part is taken is not let go as a whole", () => {
    expect(letGo(other, [{ type: "aws_subnet", id: "subnet-a" }]).blocks).toBe("");
  });

  test.each([[{}], [{ version: 3, resources: [] }], [[]], ["text"]])("is not %j", (json) => {
    expect(() => otherState(json, "x.json")).toThrow("x.json is not a Terraform state (version 4)");
  });
});

describe("a release", () => {
  const entry = (attribute: string, of: Kept["kept"][number]["class"]) => ({
    address: "aws_lb.b",
    attribute,
    class: of,
    is: 1,
    wanted: 2,
  });
  const kept: Kept = {
    kept: [entry("name", "replaces"), entry("idle_timeout", "interrupts"), entry("tags", "harmless")],
    later: ["aws_vpc_endpoint.s3"],
  };

  test.each([
    ["one attribute", "aws_lb.b.idle_timeout", ["name", "tags"], kept.later],
    ["all that is harmless", "all-harmless", ["name", "idle_timeout"], kept.later],
    ["a resource that was left for later", "aws_vpc_endpoint.s3", ["name", "idle_timeout", "tags"], []],
  ])("of %s", (_, what, rest, later) => {
    const after = released(kept, what);
    expect(after.kept.map(({ attribute }) => attribute)).toEqual(rest);
    expect(after.later).toEqual(later);
  });

  test.each([
    ["what would replace the resource", "aws_lb.b.name", "is kept for good"],
    ["what is not kept", "aws_lb.b.port", "aws_lb.b.idle_timeout\n  aws_lb.b.tags\n  aws_vpc_endpoint.s3"],
  ])("is refused of %s", (_, what, message) => expect(() => released(kept, what)).toThrow(message));

  test("of all that is harmless is refused where nothing is", () =>
    expect(() => released({ kept: [], later: [] }, "all-harmless")).toThrow("nothing to release"));
});
