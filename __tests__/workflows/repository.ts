/** A repository that is set up for the workflows, as docs/github.md says: what is checked out, and GitHub's part. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { Checkout } from "../checkout";
import { Github, REPOSITORY } from "./github";
import { runJob, type Context, type JobRun, type RunnerOptions } from "./runner";
import { jobOf } from "./workflow";

/** Of a public repository, on main. */
export const SET_UP: Context = {
  "matrix.environment": "local",
  "vars.AWS_PLAN_ROLE": "arn:aws:iam::123456789012:role/plan",
  "vars.AWS_DEPLOY_ROLE": "arn:aws:iam::123456789012:role/deploy",
  "secrets.PLAN_PASSPHRASE": "correct horse battery staple",
  "github.token": "token",
  "github.repository": REPOSITORY,
  "github.event_name": "push",
  "github.ref": "refs/heads/main",
  "github.sha": "0123456789abcdef",
  "github.event.repository.private": false,
};

export const PULL_REQUEST: Context = {
  ...SET_UP,
  "github.event_name": "pull_request",
  "github.ref": "refs/pull/5/merge",
  "github.event.pull_request.number": "5",
  "github.event.pull_request.head.sha": "fedcba9876543210",
  "github.event.pull_request.head.repo.full_name": REPOSITORY,
};

export class Repository {
  private constructor(
    readonly checkout: Checkout,
    readonly github: Github,
  ) {}

  /** @param local folder of the emulator, if there is one */
  static async into(folder: string, local?: string): Promise<Repository> {
    return new Repository(await Checkout.into(join(folder, "checkout"), local), new Github(join(folder, "github")));
  }

  /** Runs a workflow's job, its `only` steps or all of them, on a machine that has everything installed. */
  run(workflow: string, context: Context, options: Pick<RunnerOptions, "only" | "before"> = {}): Promise<JobRun> {
    const { checkout, github } = this;
    return runJob(jobOf(workflow), {
      cwd: checkout.folder,
      env: github.env,
      context,
      skip: ["Install"],
      actions: {
        "actions/upload-artifact": ({ name = "", path = "" }) => github.keep(checkout.folder, name, path),
        "actions/download-artifact": (inputs) =>
          github.fetch(checkout.folder, inputs["artifact-ids"] ?? "", inputs["run-id"] ?? ""),
      },
      ...options,
    });
  }

  /** A machine of a run has no plans of another. */
  forgetPlans(): void {
    for (const file of ["plan.tfplan", "plan.tfplan.gpg"]) rmSync(this.checkout.path(file), { force: true });
  }
}
