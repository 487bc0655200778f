/** Finds an unpacked copy of the AWS provider on this machine, so that 700 MB need not come over the network. */
import { readdirSync, existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The version that `@cdktf/provider-aws` 20.1.0 was made for. */
const PROVIDER = "registry.terraform.io/hashicorp/aws/5.100.0";

/**
 * A folder laid out as Terraform wants a filesystem mirror, with the provider for this machine in it; nothing if there is none.
 *
 * Looks where `TF_PLUGIN_MIRROR` points, into Terraform's implied local mirrors, and one folder down from the usual places.
 * https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
 */
export function findProviderMirror(env: NodeJS.ProcessEnv, home = homedir()): string | undefined {
  const named = env["TF_PLUGIN_MIRROR"];
  const implied = [
    join(home, ".terraform.d", "plugins"),
    join(home, "Library", "Application Support", "io.terraform", "plugins"),
    join(env["APPDATA"] ?? home, "terraform.d", "plugins"),
    join(env["XDG_DATA_HOME"] ?? join(home, ".local", "share"), "terraform", "plugins"),
    "/usr/local/share/terraform/plugins",
    "/usr/share/terraform/plugins",
  ];
  const below = ["/opt", "/usr/local/share", "/usr/share", join(home, ".terraform.d")].flatMap(foldersIn);
  return [...(named === undefined ? [] : [named]), ...implied, ...below].find((folder) =>
    existsSync(join(folder, PROVIDER, platform())),
  );
}

/** This machine in Terraform's words, such as `linux_amd64`. */
function platform(): string {
  const os = process.platform === "win32" ? "windows" : process.platform;
  const architecture = { x64: "amd64", ia32: "386" }[process.arch as string] ?? process.arch;
  return `${os}_${architecture}`;
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
      .map((entry) => join(folder, entry.name));
  } catch {
    return []; // not there, or not ours to read
  }
}
