/** Findings that an environment's own settings accept, so that no suppression is needed for them. */
import { isInternet, SSH_PORT } from "../aws/internet";
import { isAt } from "../terraform/addresses";
import type { Kept } from "../config/kept";
import type { PolicyId } from "./policies";
import type { Accepted } from "../plan-review/suppressions";
import type { Plan } from "../terraform/plan";

/** The attributes that a policy is about, where a takeover may keep them. */
const JUDGED: Readonly<Partial<Record<PolicyId, readonly string[]>>> = {
  imdsv2: ["metadata_options"],
  encryption: ["block_device_mappings", "root_block_device"],
  "numbered-template-version": ["launch_template"],
  tags: ["tags", "tags_all", "tag"],
  "load-balancer-protection": ["enable_deletion_protection"],
};

/** Accepts what a takeover keeps: it was so before, and its release is a change of its own. */
export function acceptedWhileKept({ kept }: Kept): Accepted[] {
  return Object.entries(JUDGED).flatMap(([id, attributes]) =>
    kept
      .filter(({ attribute }) => attributes.includes(attribute))
      .map(({ address, attribute }) => ({ id, address, reason: `takeover keeps ${attribute} until it is released` })),
  );
}

/** The settings that may accept a finding. */
interface Settings {
  readonly bastion?: { readonly sshSources: readonly string[] } | undefined;
  readonly fleet: { readonly metadataTokens?: "required" | { readonly optional: string } | undefined };
  readonly loadBalancer: {
    readonly deletionProtection: "on" | { readonly off: string };
    readonly accessLogs?: object | undefined;
  };
}

/** Accepts only the resources that the settings create, at their constructs' paths: not what an override adds or changes. */
export function intended(plan: Plan, settings: Settings): Accepted[] {
  return [...acceptedBy(settings)].flatMap(({ id, path, reason }) =>
    plan.planned.filter(({ address }) => isAt(address, path)).map(({ address }) => ({ id, address, reason })),
  );
}

function* acceptedBy({ bastion, fleet: { metadataTokens: tokens }, loadBalancer }: Settings) {
  for (const source of (bastion?.sshSources ?? []).filter(isInternet)) {
    const path = `bastion-firewall/tcp-${String(SSH_PORT)}-from-${source.replace("/", "-")}`;
    yield { id: "ssh-from-internet", path, reason: "bastion.sshSources allows it" };
  }
  const { deletionProtection: protection, accessLogs } = loadBalancer;
  if (protection !== "on") {
    const reason = `loadBalancer.deletionProtection is off: ${protection.off}`;
    yield { id: "load-balancer-protection", path: "load-balancer/load-balancer", reason };
  }
  if (typeof tokens === "object") {
    const reason = `fleet.metadataTokens is optional: ${tokens.optional}`;
    yield { id: "imdsv2", path: "fleet/launch-template", reason };
  }
  if (accessLogs !== undefined) {
    const path = "load-balancer/access-logs/bucket/bucket";
    yield { id: "bucket-protection", path, reason: "access logs are deleted with their load balancer" };
  }
}
