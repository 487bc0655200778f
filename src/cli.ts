/** The project's commands: each is loaded when it is called, so that `help` loads neither the AWS SDK nor cdktf. */
/* eslint-disable @typescript-eslint/no-require-imports -- import() would be Node.js's own, which knows no TypeScript */
import { runCommand, type Command } from "./commands/command";
import { surviveTheirEnd } from "./machine/outputs";
import { Problem } from "./machine/problem";
import type * as Requirements from "./machine/requirements";

interface Module {
  readonly command: Command;
}

/** `npm run` gives each its name. */
export const commands: Readonly<Record<string, () => Module>> = {
  help: () => require("./commands/help") as Module,
  local: () => require("./commands/local") as Module,
  simulate: () => require("./commands/simulate") as Module,
  cost: () => require("./commands/cost") as Module,
  bootstrap: () => require("./commands/bootstrap") as Module,
  plan: () => require("./commands/plan") as Module,
  review: () => require("./commands/review") as Module,
  deploy: () => require("./commands/deploy") as Module,
  verify: () => require("./commands/verify") as Module,
  destroy: () => require("./commands/destroy") as Module,
  unlock: () => require("./commands/unlock") as Module,
  adopt: () => require("./commands/adopt") as Module,
  takeover: () => require("./commands/takeover") as Module,
};

async function main([first = "help", ...argv]: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const name = first === "--help" || first === "-h" ? "help" : first;
  // Any Node.js can print the help, and comparing versions would be a quarter of its time.
  if (name !== "help") (require("./machine/requirements") as typeof Requirements).requireNode(process.version);
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (load === undefined) throw new Problem(`${name} is not a command; there are ${Object.keys(commands).join(", ")}`);
  const { text, code, complaints = [] } = await runCommand(name, load().command, argv, env);
  if (text !== "") process.stdout.write(`${text}\n`);
  for (const complaint of complaints) process.stderr.write(`${complaint}\n`);
  process.exitCode = code;
}

if (require.main === module) {
  surviveTheirEnd();
  main(process.argv.slice(2), process.env).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Problem ? error.message : String((error as Error).stack)}\n`);
    process.exitCode = 1;
  });
}
