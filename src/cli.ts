/** The project's commands: parse, run, print, exit code. `npm run` gives each its name. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { adopt } from "./adopt/adopt";
import { bootstrap } from "./deploy/bootstrap";
import { cdktf, CHANGES, synth, terraform, terraformJson } from "./deploy/cdktf";
import { deploy, deployPlan, drift } from "./deploy/deploy";
import { down, up } from "./commands/local";
import { progressOn, type Progress } from "./machine/progress";
import { simulateCommand } from "./commands/simulate";
import { cost, COST_OPTIONS, type CostOptions } from "./commands/cost";
import { refreshPrices } from "./commands/refresh-prices";
import { SIMULATE_OPTIONS, type SimulateOptions } from "./commands/simulate-options";
import { planIn, planOf, reviewed } from "./commands/review";
import { verify } from "./verify/verify";
import { stackFolder, workspaceOf, type Workspace } from "./deploy/workspace";
import { PROJECT } from "./machine/project";
import { SettingsError } from "./config/validate";
import { Problem } from "./machine/problem";
import { driftOf, type Plan } from "./terraform/plan";
import { NODE, TERRAFORM, requirePrograms } from "./machine/requirements";

interface Call {
  readonly args: readonly string[];
  /** Those of the command itself. */
  readonly options: object;
  readonly folder: string;
  readonly progress: Progress;
  readonly env: NodeJS.ProcessEnv;
  readonly print: (text: string) => void;
  /** Of what is printed: `terminal`, `markdown` or `json`. */
  readonly format: string;
  /** File that keeps the plan. */
  readonly out: string | undefined;
  /** File that a plan was kept in. */
  readonly plan: string | undefined;
  /** Whether to look only at what was changed outside of Terraform. */
  readonly refreshOnly: boolean;
}

const commands: Record<string, (call: Call) => Promise<void>> = {
  async local({ args, folder, env, progress, print }) {
    if (args[0] === "destroy") return down(folder, env, progress);
    if (args[0] !== undefined) throw new Problem(`local takes nothing or "destroy", not ${args[0]}`);
    const outputs = Object.entries(await up(folder, env, progress));
    const width = Math.max(...outputs.map(([name]) => name.length));
    print(outputs.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join("\n"));
  },

  async bootstrap(call) {
    const workspace = await workspaceFor(call, "production");
    await call.progress.step("Making the bucket for the state", (onLine) => bootstrap(workspace, onLine));
    call.progress.done(`The state of every environment is kept in ${workspace.remoteState.bucket}`);
    call.print(
      "Next: npm run deploy -- production\nA deployer's policy for the state: terraform -chdir=cdktf.out/stacks/remote-state output -raw deployer_state_policy",
    );
  },

  async deploy(call) {
    const workspace = await workspaceFor(call);
    const { plan } = call;
    const drift = await call.progress.step(`Deploying ${workspace.environment}`, async (onLine) => {
      if (plan === undefined) return deploy(workspace, onLine);
      // What was changed outside of Terraform stands in the plan's review.
      await deployPlan(workspace, plan, onLine);
      return [];
    });
    if (drift.length > 0) call.print(`${DRIFT}; undone now, or taken for granted:\n${drift.join("\n")}\n`);
    call.progress.done(`${workspace.environment} is deployed`);
    call.print((await terraform(workspace, workspace.environment, ["output"])).stdout.trim());
  },

  async destroy(call) {
    const workspace = await workspaceFor(call);
    if (call.args[1] !== workspace.environment) {
      throw new Problem(
        `This ends ${workspace.environment} for good; say its name twice: npm run destroy -- ${workspace.environment} ${workspace.environment}`,
      );
    }
    await call.progress.step(`Destroying ${workspace.environment}`, (onLine) =>
      cdktf("destroy", workspace, workspace.environment, onLine),
    );
    call.progress.done(`${workspace.environment} is gone; its state stays in the bucket`);
  },

  async plan(call) {
    const workspace = await workspaceFor(call);
    const { environment } = workspace;
    if (call.refreshOnly) {
      const changed = await drift(workspace, () => undefined);
      call.print(
        changed.length > 0
          ? `${DRIFT}:\n${changed.join("\n")}`
          : "Nothing was changed outside of Terraform since the last deploy",
      );
      process.exitCode = changed.length > 0 ? CHANGES : 0;
      return;
    }
    await synth(workspace);
    await terraform(workspace, environment, ["init", "-input=false"]);
    const file = join(stackFolder(workspace, environment), "plan.tfplan");
    try {
      const plan = await terraform(workspace, environment, ["plan", "-out", file, ...PLAN], [0, CHANGES]);
      const shown = await terraformJson<Plan>(workspace, environment, ["show", "-json", file]);
      // Terraform itself is silent about what was changed beside the settings: a rule added by hand, a group that has scaled.
      const drift = driftOf(shown);
      if (drift.length > 0) call.print(`${DRIFT}:\n${drift.join("\n")}\n`);
      call.print(planned(plan.output));
      process.exitCode = drift.length > 0 ? CHANGES : plan.code;
    } finally {
      rmSync(file, { force: true });
    }
  },

  async review(call) {
    const [target = ""] = call.args;
    const colour = process.stdout.isTTY && call.env["NO_COLOR"] === undefined;
    const isFile = /\.(tfplan|json)$/.test(target);
    if (isFile && !existsSync(target)) throw new Problem(`There is no plan ${target}`);
    const workspace = isFile ? undefined : await workspaceFor(call);
    const planned = workspace === undefined ? await planIn(target, call.env) : await planOf(workspace, call.out);
    const width = process.stdout.isTTY ? process.stdout.columns : PIPED_COLUMNS;
    const { text, code } = reviewed(planned, { format: call.format, colour, width }, workspace?.settings);
    call.print(text);
    process.exitCode = code;
  },

  async verify(call) {
    const workspace = await workspaceFor(call);
    const facts = await call.progress.step(`Checking ${workspace.environment}`, () => verify(workspace));
    call.progress.done(`${String(facts)} facts of ${workspace.environment} stand as the settings say`);
  },

  async unlock(call) {
    const workspace = await workspaceFor(call);
    const id = call.args[1];
    if (id === undefined)
      throw new Problem(`Which lock? npm run unlock -- ${workspace.environment} ID (the refused deploy names it)`);
    await synth(workspace);
    await terraform(workspace, workspace.environment, ["init", "-input=false"]);
    await terraform(workspace, workspace.environment, ["force-unlock", "-force", id]);
    call.progress.done(`The state of ${workspace.environment} is unlocked`);
  },

  async adopt(call) {
    const workspace = await workspaceFor(call);
    const { environment } = workspace;
    const { found, foreign, unknown } = await call.progress.step(`Adopting what ${environment} has lost`, (onLine) =>
      adopt(workspace, onLine),
    );
    const width = Math.max(...found.map(({ address }) => address.length));
    for (const { address, id } of found) call.print(`${address.padEnd(width)}  ${id}`);
    call.progress.done(
      found.length === 0
        ? `Nothing in ${environment} is missing from its state: nothing was changed`
        : `${String(found.length)} resources adopted. Next: npm run deploy -- ${environment}`,
    );
    if (unknown.length > 0) call.print(`Not known how to import, so not looked for:\n  ${unknown.join("\n  ")}`);
    if (foreign.length > 0) {
      call.print(`In the way of a deploy, and left alone:\n  ${foreign.join("\n  ")}`);
      process.exitCode = 1;
    }
  },

  simulate({ args, options, print }) {
    const [environment] = args;
    if (environment === undefined) throw new Problem("Which environment? For instance: production");
    process.exitCode = simulateCommand(environment, options as SimulateOptions, print);
    return Promise.resolve();
  },

  async cost({ args, options, format, print }) {
    const [target] = args;
    const asked = { ...options, format } as CostOptions;
    if (asked.refresh) return refreshPrices(target, asked.write, print);
    if (target === undefined) throw new Problem("Which environment? For instance: production");
    print(cost(target, asked));
  },

  help({ print }) {
    print(readFileSync(join(PROJECT, "help"), "utf8").trimEnd());
    return Promise.resolve();
  },
};

/** Where there is no terminal to ask. */
const PIPED_COLUMNS = 80;

const DRIFT = "Changed outside of Terraform since the last deploy";

const COMMON_OPTIONS = {
  folder: { type: "string", default: ".local" },
  format: { type: "string", default: "terminal" },
  out: { type: "string" },
  plan: { type: "string" },
  "refresh-only": { type: "boolean", default: false },
  verbose: { type: "boolean", default: false },
} as const;

/** What only one command takes. */
const OPTIONS: Readonly<Record<string, typeof SIMULATE_OPTIONS | typeof COST_OPTIONS>> = {
  simulate: SIMULATE_OPTIONS,
  cost: COST_OPTIONS,
};

const PLAN = ["-input=false", "-no-color", "-detailed-exitcode"];

/** Terraform's account of a plan, without the reading that came before it. */
function planned(output: string): string {
  return output
    .split("\n")
    .filter((line) => !/: (Reading|Refreshing state|Read complete)/.test(line))
    .join("\n")
    .trim();
}

/** The workspace of the environment that the first argument names. */
async function workspaceFor({ args, folder, env }: Call, fallback?: string): Promise<Workspace> {
  const environment = args[0] ?? fallback;
  if (environment === undefined) throw new Problem("Which environment? For instance: production");
  await requirePrograms([TERRAFORM], env);
  return workspaceOf(environment, folder, env);
}

async function main(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { positionals, values } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { ...COMMON_OPTIONS, ...OPTIONS[argv[0] ?? ""] },
  });
  const [name = "help", ...args] = positionals;
  const command = commands[name];
  if (command === undefined)
    throw new Problem(`${name} is not a command; there are ${Object.keys(commands).join(", ")}`);
  await requirePrograms([NODE], env);
  await command({
    args,
    options: values,
    env,
    folder: resolve(PROJECT, values.folder),
    progress: progressOn(process.stderr, values.verbose),
    format: values.format,
    out: values.out,
    plan: values.plan,
    refreshOnly: values["refresh-only"],
    print: (text) => process.stdout.write(`${text}\n`),
  });
}

main(process.argv.slice(2), process.env).catch((error: unknown) => {
  const expected =
    error instanceof Problem ||
    error instanceof SettingsError ||
    (error as { code?: string }).code?.startsWith("ERR_PARSE_ARGS");
  process.stderr.write(`${expected === true ? (error as Error).message : String((error as Error).stack)}\n`);
  process.exitCode = 1;
});
