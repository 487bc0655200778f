/** The project as `cdktf init` would have it: the same sources, with everything imported from the provider's package index. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const LIBRARY = /^import \{([^}]+)\} from "@cdktf\/provider-aws\/lib\/([\w-]+)";$/gm;

/** Writes main.ts and src into a folder, imports rewritten: `vpc.Vpc` of the index in place of `Vpc` of lib/vpc. */
export function withIndexImports(project: string, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of ["main.ts", "src", "tsconfig.json"])
    cpSync(join(project, name), join(folder, name), { recursive: true });
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".ts")) continue;
    const file = join(folder, name);
    writeFileSync(
      file,
      readFileSync(file, "utf8").replaceAll(LIBRARY, (_, names: string, library: string) => fromIndex(names, library)),
    );
  }
}

function fromIndex(names: string, library: string): string {
  const namespace = library.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const aliases = names
    .split(",")
    .map((name) => name.replace("type", "").trim())
    .filter((name) => name !== "")
    .map((name) => `import ${name} = ${namespace}Index.${name};`);
  return [`import { ${namespace} as ${namespace}Index } from "@cdktf/provider-aws";`, ...aliases].join("\n");
}
