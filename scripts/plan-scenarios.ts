/** What the corpus of plans is made of: a deployment, and what is changed about it. */
import type { Differences } from "../src/config/derive";
import type { Settings } from "../src/config/schema";

export type Deployment = "production" | "staging";

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
  /** Beginning of the address that the state is to forget before the plan. */
  readonly forget?: string;
  /** Size that the group is given beside Terraform before the plan. */
  readonly capacity?: number;
  readonly destroy?: boolean;
}

function resource(document: Document, type: string, name = ""): [string, Resource] {
  const found = Object.entries(document.resource[type] ?? {}).find(([key]) => key.startsWith(name));
  if (found === undefined) throw new Error(`no ${type} ${name}`);
  return found;
}

const set = (type: string, name: string, values: Resource) => (document: Document) =>
  void Object.assign(resource(document, type, name)[1], values);

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
  { name: "destroy", deployment: "production", destroy: true },
  { name: "scaled-out", deployment: "production", capacity: 3 },
  {
    name: "desired-capacity-set",
    deployment: "production",
    capacity: 3,
    edit: set("aws_autoscaling_group", "", { lifecycle: {}, desired_capacity: 1, max_size: 5 }),
  },
  {
    name: "imported",
    deployment: "staging",
    forget: "aws_iam_role.bastion_session-role",
    edit(document) {
      const [name] = resource(document, "aws_iam_role", "bastion_session-role");
      document["import"] = [{ to: `aws_iam_role.${name}`, id: "staging-web-app-bastion" }];
    },
  },
];
