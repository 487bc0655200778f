/** `npm run takeover`: a stack that exists, into the state of an environment, with nothing replaced and nothing interrupted. */
import { keptFile, keptIn, writeKept } from "../config/kept";
import { releaseKept } from "../deploy/release";
import { backUp, otherIn, otherSide } from "../deploy/other-side";
import { applyTakeover, findAll, planTakeover, tidy, wished } from "../deploy/takeover";
import { verify } from "../deploy/verify";
import type { Workspace } from "../deploy/workspace";
import { ask } from "../machine/ask";
import { textIn } from "../machine/files";
import { Problem } from "../machine/problem";
import type { Progress } from "../machine/progress";
import type { Findings, Known } from "../takeover/find";
import { candidateLines, idsIn } from "../takeover/ids";
import { idsByType } from "../takeover/other-state";
import { counts, summary } from "../takeover/summary";
import type { Stack } from "../terraform/stack";
import { choose, defineCommand, isGiven, type Call, type Result } from "./command";
import { brokenWhileKept } from "./kept";
import { reviewed, viewOf } from "./review";
import { workspaceFor, WORKSPACE_OPTIONS } from "./workspace";

const OPTIONS = {
  from: { value: "FILE", help: "the Terraform state that has it until now" },
  ids: { value: "FILE", help: "lines of ADDRESS ID, for what is not found" },
  vpc: { value: "ID", help: "the VPC that it is in" },
  new: { value: "WHEN", help: "create what may interrupt: now, or later" },
  "keep-harmless": { help: "leave tags and descriptions as they are, too" },
  "dry-run": { help: "change nothing in AWS: so it is without --apply" },
  apply: { help: "do it" },
  release: { value: "NAME", help: "ADDRESS.ATTRIBUTE, or all-harmless: as wished again" },
  ...WORKSPACE_OPTIONS,
} as const;

type TakeoverCall = Call<typeof OPTIONS>;

export const command = defineCommand({
  usage: "ENV",
  about: `Takes a stack of this architecture that already exists, made by other means,
into the state of an environment. Nothing is deleted or replaced, and what might
interrupt it is kept as it is, in takeover/ENV.json, until it is released.
Without --apply it changes nothing in AWS and in the state.`,
  options: OPTIONS,
  async run(call) {
    const { options } = call;
    const problems = combinationProblems(options);
    if (problems.length > 0) throw new Problem(problems.join("\n"));
    const workspace = await workspaceFor(call);
    if (options.release !== undefined) return release(workspace, options.release, call);
    try {
      return await takeOver(workspace, call);
    } finally {
      tidy(workspace);
    }
  },
});

function combinationProblems(options: TakeoverCall["options"]): string[] {
  const others = (["from", "ids", "vpc", "new", "keep-harmless"] as const).filter((name) => isGiven(options[name]));
  return [
    ...(options.apply && options["dry-run"] ? ["--apply cannot be combined with --dry-run"] : []),
    ...(options.release === undefined ? [] : others.map((name) => `--${name} cannot be combined with --release`)),
  ];
}

async function takeOver(workspace: Workspace, { options, progress }: TakeoverCall): Promise<Result> {
  const { environment, settings, emulated } = workspace;
  const now = { now: true, later: false } as const;
  let createsAll = options.new === undefined ? undefined : choose<boolean>("--new", options.new, now);
  const other = options.from === undefined ? undefined : otherIn(options.from);
  const { stack, state } = await progress.step(`Reading the settings and the state of ${environment}`, (onLine) =>
    wished(workspace, onLine),
  );
  if (state.size > 0 && keptIn(environment, emulated).kept.length === 0)
    throw new Problem(
      `The state of ${environment} has ${String(state.size)} resources: a takeover is for an environment that has none yet. What a killed deploy has left is for: npm run adopt -- ${environment}`,
    );

  const known = { ids: givenIds(stack, options), state, other: idsByType(other ?? []) };
  const findings = await allFound(workspace, stack, known, progress);
  if (findings.found.length === 0) throw new Problem(nothingFound(state, environment));
  progress.done(`${String(findings.found.length)} of ${String(stack.resources.length)} resources exist`);
  createsAll ??= (await ask("Create what is new and may interrupt what runs:", ["later", "now"])) === "now";

  const wishes = { createsAll, keepsHarmless: options["keep-harmless"] };
  const { kept, plan } = await progress.step("Planning, until nothing is replaced or interrupted", (onLine) =>
    planTakeover(workspace, stack, findings, wishes, onLine),
  );
  writeKept(environment, kept);
  const lines = summary(plan, findings, kept);
  progress.done(`Plan: ${counts(plan)}`);
  for (const warning of brokenWhileKept(environment, settings, kept)) progress.warn(warning);
  if (!options.apply) return { text: [lines, "", next(environment)].join("\n"), code: 0 };

  const files = await backUp(workspace, options.from);
  if (files.length > 0) progress.done(`The states as they were: ${files.join(", ")}`);
  await progress.step("Taking it over, and planning again", (onLine) => applyTakeover(workspace, onLine));
  progress.done("The next plan is empty");
  const complaints = await progress.step(`Checking ${environment}`, () => failedChecks(workspace));
  if (complaints.length === 0) progress.done("All checks passed");
  const text = [lines, otherSide(workspace, findings.found, other)].join("\n\n");
  return { text, code: complaints.length > 0 ? 1 : 0, complaints };
}

/** It is taken over by then, and the other side has to let go whatever the checks say. */
async function failedChecks(workspace: Workspace): Promise<string[]> {
  try {
    await verify(workspace);
    return [];
  } catch (error) {
    if (error instanceof Problem) return error.message.split("\n");
    throw error;
  }
}

/** Where there are several VPCs, and a person to ask, that person says which. @throws Problem with a line for each candidate */
async function allFound(
  workspace: Workspace,
  stack: Stack,
  known: Known & { readonly ids: Map<string, string> },
  progress: Progress,
): Promise<Findings> {
  const findings = await progress.step("Looking for what exists in AWS", () => findAll(workspace, stack, known));
  if (findings.ambiguous.length === 0) return findings;
  const vpc = stack.of("aws_vpc")[0]?.address ?? "";
  const vpcs = findings.ambiguous.find(({ address }) => address === vpc)?.candidates ?? [];
  const choices = vpcs.map(({ id, called = "" }) => `${id} ${called}`.trim());
  const [chosen] = choices.length === 0 ? [] : ((await ask("Which VPC is it in?", choices)) ?? "").split(" ");
  if (chosen) return allFound(workspace, stack, { ...known, ids: known.ids.set(vpc, chosen) }, progress);
  throw new Problem(
    [
      "Nothing was changed: of each of these there are several. Put the line that is right into a file, and name it with --ids:",
      ...candidateLines(findings),
    ].join("\n"),
  );
}

/** The review says what the release does, to running servers first of all. */
async function release(workspace: Workspace, what: string, { options, env, progress }: TakeoverCall): Promise<Result> {
  const { environment, settings } = workspace;
  const planned = await progress.step(`Releasing ${what}`, (onLine) =>
    releaseKept(workspace, what, options.apply, onLine),
  );
  const { text } = reviewed(planned, viewOf("terminal", env), settings);
  const done = options.apply
    ? `Released: commit ${keptFile(environment)}`
    : `Nothing was changed in AWS. ${keptFile(environment)} is without it now: commit that and deploy (npm run deploy -- ${environment}), or take it back with git`;
  return { text: `${text}\n\n${done}`, code: 0 };
}

/** @throws Problem with what is wrong in the file, or two ids of the VPC */
function givenIds(stack: Stack, { ids, vpc }: TakeoverCall["options"]): Map<string, string> {
  const addresses = stack.resources.map(({ address }) => address);
  const given = ids === undefined ? new Map<string, string>() : idsIn(textIn(ids), addresses, ids);
  const address = stack.of("aws_vpc")[0]?.address ?? "";
  if (vpc !== undefined && (given.get(address) ?? vpc) !== vpc)
    throw new Problem(`--vpc ${vpc}: ${String(ids)} names another VPC, ${String(given.get(address))}`);
  return vpc === undefined ? given : given.set(address, vpc);
}

const nothingFound = (state: ReadonlyMap<string, string>, environment: string) =>
  state.size > 0
    ? `All of ${environment} that exists is in its state: it is taken over`
    : `No VPC has the block of network.cidr, so nothing of ${environment} exists: set network as the VPC and its subnets are, or name the VPC with --vpc`;

const next = (environment: string) =>
  [
    "Nothing was changed. Next:",
    `  1. read ${keptFile(environment)}, and set what you want otherwise in src/config/environments.ts`,
    "  2. commit both",
    `  3. npm run takeover -- ${environment} --apply, with the same options`,
  ].join("\n");
