/** What the corpus of plans is made of: a deployment, and what is changed about it. */
import type { Differences } from "../src/config/derive";
import type { Settings } from "../src/config/schema";

export type Deployment = "production" | "staging" | "step" | "targetTracking";

type Resource = Record<string, unknown>;
/** The synthesized JSON, as an override of somebody's would change it. */
export interface Document {
  readonly resource: Record<string, Record<string, Resource>>;
  [block: string]: unknown;
}

export interface Scenario {
  readonly name: string;
  readonly deployment: Deployment;
  readonly settings?: (newImage: string) => Differences<Settings>;
  readonly edit?: (document: Document) => void;
  /** Beginnings of the addresses that the state is to forget before the plan. */
  readonly forget?: readonly string[];
  /** Size that the group is given beside Terraform before the plan. */
  readonly capacity?: number;
  /** Beginning of the name of the security group in which port 22 is opened to everybody beside Terraform before the plan. */
  readonly openedByHand?: string;
  readonly destroy?: boolean;
}

function resource(document: Document, type: string, name = ""): [string, Resource] {
  const found = Object.entries(document.resource[type] ?? {}).find(([key]) => key.startsWith(name));
  if (found === undefined) throw new Error(`no ${type} ${name}`);
  return found;
}

const set = (type: string, name: string, values: Resource) => (document: Document) =>
  void Object.assign(resource(document, type, name)[1], values);

const schedules = {
  morning: { recurrence: "30 8 * * MON-FRI", timeZone: "Asia/Kolkata", minSize: 2 },
  evening: { recurrence: "0 20 * * MON-FRI", timeZone: "Asia/Kolkata", minSize: 1, desiredCapacity: 1 },
};

/** The kinds of scaling that production does not have. */
export const SCALING: Readonly<Record<"step" | "targetTracking", Differences<Settings>>> = {
  step: {
    fleet: {
      detailedMonitoring: true,
      warmPool: { state: "Stopped", minSize: 1, maxGroupPreparedCapacity: 3, reuseOnScaleIn: true },
    },
    scaling: {
      kind: "step",
      periodSeconds: 60,
      evaluationPeriods: 3,
      out: {
        thresholdPercent: 70,
        steps: [
          { beyondPercent: 0, instances: 1 },
          { beyondPercent: 12.5, instances: 2 },
        ],
      },
      in: {
        thresholdPercent: 20,
        steps: [
          { beyondPercent: 0, instances: 1 },
          { beyondPercent: 15, instances: 2 },
        ],
      },
      warmUpSeconds: 150,
      schedules,
    },
  },
  targetTracking: {
    fleet: { detailedMonitoring: true, warmPool: { state: "Running", minSize: 0, reuseOnScaleIn: false } },
    scaling: { kind: "targetTracking", targetPercent: 50, warmUpSeconds: 120, schedules },
  },
};

/** In this order: what acts on the emulated AWS itself comes last. */
export const scenarios: readonly Scenario[] = [
  { name: "no-change", deployment: "production" },
  { name: "ami-change", deployment: "production", settings: (amiId) => ({ fleet: { amiId } }) },
  { name: "port-change", deployment: "production", settings: () => ({ targetGroup: { port: 8080 } }) },
  { name: "port-change-prefix", deployment: "staging", settings: () => ({ targetGroup: { port: 8080 } }) },
  {
    name: "load-balancer-renamed",
    deployment: "production",
    settings: () => ({ names: { loadBalancer: "web-app-alb" } }),
  },
  {
    name: "nat-moves",
    deployment: "production",
    settings: () => ({ network: { zones: ["ap-south-1b", "ap-south-1a"] } }),
  },
  {
    name: "security-group-replaced",
    deployment: "production",
    edit: set("aws_security_group", "app-firewall", { description: "Servers" }),
  },
  { name: "ssh-opened", deployment: "staging", settings: () => ({ bastion: { sshSources: ["0.0.0.0/0"] } }) },
  {
    name: "subnet-replaced",
    deployment: "production",
    edit: set("aws_subnet", "network_private-subnet-b", { cidr_block: "192.168.1.192/27" }),
  },
  {
    name: "secret-in-user-data",
    deployment: "production",
    edit: set("aws_launch_template", "", {
      user_data: Buffer.from("#!/bin/sh\nexport DB_PASSWORD=correct-horse-battery\n").toString("base64"),
    }),
  },
  {
    name: "safety-overridden",
    deployment: "production",
    edit(document) {
      set("aws_autoscaling_group", "", {
        launch_template: {
          id: `\${aws_launch_template.${resource(document, "aws_launch_template")[0]}.id}`,
          version: "$Latest",
        },
      })(document);
      Object.assign(resource(document, "aws_launch_template")[1], {
        metadata_options: { http_endpoint: "enabled", http_tokens: "optional" },
      });
      set("aws_lb", "", { enable_deletion_protection: false })(document);
    },
  },
  {
    name: "template-version-left-out",
    deployment: "production",
    settings: (amiId) => ({ fleet: { amiId } }),
    edit(document) {
      const id = `\${aws_launch_template.${resource(document, "aws_launch_template")[0]}.id}`;
      set("aws_autoscaling_group", "", { launch_template: { id } })(document);
    },
  },
  {
    name: "encryption-overridden",
    deployment: "production",
    edit(document) {
      const disk = { volume_size: 8, volume_type: "gp3", encrypted: "false" };
      set("aws_launch_template", "", { block_device_mappings: [{ device_name: "/dev/xvda", ebs: disk }] })(document);
      set("aws_instance", "", { root_block_device: { ...disk, encrypted: false } })(document);
    },
  },
  {
    name: "tags-overridden",
    deployment: "production",
    edit(document) {
      const { aws } = document["provider"] as { aws: Resource[] };
      for (const provider of aws) delete provider["default_tags"];
    },
  },
  {
    name: "database-unprotected",
    deployment: "production",
    edit(document) {
      const password = "correct-horse-battery-staple";
      document.resource["aws_db_instance"] = {
        database: {
          identifier: "web-app",
          engine: "postgres",
          instance_class: "db.t4g.micro",
          allocated_storage: 20,
          username: "web",
          password,
          skip_final_snapshot: true,
          // Nobody marks a tag as sensitive: the same text is hidden there as well.
          tags: { Note: `the password is ${password}` },
        },
      };
      document.resource["aws_elasticache_replication_group"] = {
        cache: { replication_group_id: "web-app", description: "Sessions", node_type: "cache.t4g.micro" },
      };
    },
  },
  { name: "ssh-closed", deployment: "production", settings: () => ({ bastion: { sshSources: [] } }) },
  {
    name: "ssh-widened",
    deployment: "staging",
    edit(document) {
      const [group] = resource(document, "aws_security_group", "app-firewall");
      const rule = { security_group_id: `\${aws_security_group.${group}.id}`, ip_protocol: "tcp" };
      const type = "aws_vpc_security_group_ingress_rule";
      // The rule that the settings know, under the same name, but for half of the internet.
      set(type, "bastion-firewall_tcp-22", { cidr_ipv4: "0.0.0.0/1", from_port: 20, to_port: 30 })(document);
      document.resource[type] = {
        ...document.resource[type],
        half: { ...rule, ip_protocol: "-1", cidr_ipv4: "128.0.0.0/1" },
        list: { ...rule, from_port: 22, to_port: 22, prefix_list_id: "pl-0a1b2c3d4e5f60718" },
      };
      const ranges = { cidr_blocks: [], ipv6_cidr_blocks: ["::/0"], prefix_list_ids: [], security_groups: [] };
      const ingress = { description: "", protocol: "tcp", from_port: 0, to_port: 65535, self: false, ...ranges };
      document.resource["aws_security_group"] = {
        ...document.resource["aws_security_group"],
        inline: {
          name: "staging-inline",
          vpc_id: `\${aws_vpc.${resource(document, "aws_vpc")[0]}.id}`,
          ingress: [ingress],
        },
      };
    },
  },
  {
    name: "launch-overridden",
    deployment: "staging",
    edit(document) {
      delete resource(document, "aws_launch_template")[1]["block_device_mappings"];
      delete resource(document, "aws_autoscaling_group")[1]["tag"];
    },
  },
  {
    name: "stores-unprotected",
    deployment: "staging",
    edit(document) {
      document["variable"] = {
        db_password: { type: "string", sensitive: true, default: "correct-horse-battery-staple" },
      };
      document["output"] = {
        connection: { sensitive: true, value: "postgres://web:${var.db_password}@database/web" },
      };
      document.resource["aws_db_instance"] = {
        database: {
          identifier: "staging-web-app",
          engine: "postgres",
          instance_class: "db.t4g.micro",
          allocated_storage: 20,
          storage_encrypted: true,
          deletion_protection: true,
          username: "web",
          password: "${var.db_password}",
        },
      };
      document.resource["aws_dynamodb_table"] = {
        sessions: {
          name: "sessions",
          billing_mode: "PAY_PER_REQUEST",
          hash_key: "id",
          attribute: [{ name: "id", type: "S" }],
        },
      };
      document.resource["aws_efs_file_system"] = { files: { creation_token: "files" } };
      document.resource["aws_s3_bucket"] = { uploads: { bucket: "staging-uploads", force_destroy: true } };
    },
  },
  {
    name: "forgotten",
    deployment: "staging",
    edit(document) {
      const [name] = resource(document, "aws_cloudwatch_metric_alarm", "scaling_cpu-in");
      const { aws_cloudwatch_metric_alarm: alarms } = document.resource;
      delete alarms?.[name];
      document["removed"] = [{ from: `aws_cloudwatch_metric_alarm.${name}`, lifecycle: { destroy: false } }];
    },
  },
  {
    name: "nat-per-zone",
    deployment: "production",
    settings: () => ({ network: { nat: "perZone" } }),
  },
  {
    name: "moved",
    deployment: "production",
    edit(document) {
      const [name, listener] = resource(document, "aws_lb_listener");
      document.resource["aws_lb_listener"] = { renamed: listener };
      document["moved"] = [{ from: `aws_lb_listener.${name}`, to: "aws_lb_listener.renamed" }];
      // What depends on it follows it.
      const text = JSON.stringify(document).replaceAll(`aws_lb_listener.${name}"]`, 'aws_lb_listener.renamed"]');
      Object.assign(
        document,
        JSON.parse(
          text
            .replaceAll(`"aws_lb_listener.${name}",`, '"aws_lb_listener.renamed",')
            .replaceAll('"from":"aws_lb_listener.renamed",', `"from":"aws_lb_listener.${name}",`),
        ),
      );
    },
  },
  // What the provider writes for what is not set differs before and after the apply: the simulation reads both.
  { name: "scaling-to-step", deployment: "production", settings: () => SCALING.step },
  { name: "scaling-to-target-tracking", deployment: "production", settings: () => SCALING.targetTracking },
  { name: "scaling-step", deployment: "step" },
  { name: "scaling-target-tracking", deployment: "targetTracking" },
  { name: "destroy", deployment: "production", destroy: true },
  { name: "scaled-out", deployment: "production", capacity: 3 },
  {
    name: "desired-capacity-set",
    deployment: "production",
    capacity: 3,
    edit: set("aws_autoscaling_group", "", { lifecycle: {}, desired_capacity: 1, max_size: 5 }),
  },
  {
    // What a takeover leaves for later, and a subnet's own route table.
    name: "released",
    deployment: "production",
    forget: ["aws_vpc_endpoint.", "aws_default_security_group."],
    edit(document) {
      const [table] = resource(document, "aws_route_table", "network_private-route-table-a");
      const [, association] = resource(
        document,
        "aws_route_table_association",
        "network_private-route-table-association-b",
      );
      association["route_table_id"] = `\${aws_route_table.${table}.id}`;
    },
  },
  {
    name: "imported",
    deployment: "staging",
    forget: ["aws_iam_role.bastion_session-role"],
    edit(document) {
      const [name] = resource(document, "aws_iam_role", "bastion_session-role");
      document["import"] = [{ to: `aws_iam_role.${name}`, id: "staging-web-app-bastion" }];
    },
  },
  { name: "ssh-opened-by-hand", deployment: "staging", openedByHand: "staging-app_sg" },
];
