/** GitHub's part in a test: issues, comments, artifacts and runs in a file, which the stand-in for `gh` reads and writes. */
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";

interface Comment {
  readonly id: number;
  readonly issue: number;
  body: string;
  readonly user: { readonly login: string };
}

interface Issue {
  readonly number: number;
  title: string;
  body: string;
  state: "open" | "closed";
  readonly user: { readonly login: string };
  readonly pull_request?: object;
}

interface Artifact {
  readonly id: number;
  readonly name: string;
  readonly expired: boolean;
  readonly created_at: string;
  readonly workflow_run: {
    readonly id: number;
    readonly repository_id: number;
    readonly head_repository_id: number;
  };
}

export interface WorkflowRun {
  readonly id: number;
  readonly path: string;
  readonly conclusion: string;
}

export interface Store {
  comments: Comment[];
  issues: Issue[];
  artifacts: Artifact[];
  runs: WorkflowRun[];
}

export const REPOSITORY = "example/flask-on-aws";
const REPOSITORY_ID = 1;

/** Who `gh` is with a workflow's own token. */
export const BOT = "github-actions[bot]";

export class Github {
  private readonly file: string;

  /** @param folder for the store, the kept files, and `bin/gh` */
  constructor(private readonly folder: string) {
    this.file = join(folder, "github.json");
    mkdirSync(join(folder, "bin"), { recursive: true });
    const program = [process.execPath, "--require", require.resolve("tsx/cjs"), join(__dirname, "gh.ts")];
    const gh = join(folder, "bin", "gh");
    writeFileSync(gh, `#!/bin/sh\nexec ${program.map((part) => `'${part}'`).join(" ")} "$@"\n`);
    chmodSync(gh, 0o755);
    this.change((store) => Object.assign(store, { comments: [], issues: [], artifacts: [], runs: [] }));
  }

  get store(): Store {
    return JSON.parse(readFileSync(this.file, "utf8")) as Store;
  }

  change(how: (store: Store) => void): void {
    let store = {} as Store;
    try {
      store = this.store;
    } catch {
      // the first time
    }
    how(store);
    writeFileSync(this.file, JSON.stringify(store, null, 2));
  }

  /** What a runner sets for each step. */
  get env(): NodeJS.ProcessEnv {
    const { PATH = "", HOME = "/", ...others } = process.env;
    const kept = Object.entries(others).filter(([name]) => !/^(GITHUB|GH|RUNNER|CI$|AWS|TF)/.test(name));
    return {
      ...Object.fromEntries(kept),
      HOME,
      PATH: `${join(this.folder, "bin")}:${PATH}`,
      GH_STORE: this.file,
      GITHUB_REPOSITORY: REPOSITORY,
      GITHUB_SERVER_URL: "https://github.example",
      GITHUB_RUN_ID: "7",
    };
  }

  /** `actions/upload-artifact`, in a run of plan.yml unless said otherwise. */
  keep(cwd: string, name: string, file: string, run: Partial<WorkflowRun> = {}, headRepository = REPOSITORY_ID): void {
    this.change(({ artifacts, runs }) => {
      const id = artifacts.length + 100;
      copyFileSync(join(cwd, file), join(this.folder, `${String(id)}.${basename(file)}`));
      runs.push({ id, path: ".github/workflows/plan.yml", conclusion: "success", ...run });
      artifacts.push({
        id,
        name,
        expired: false,
        created_at: new Date(Date.UTC(2026, 0, 1, 0, 0, id)).toISOString(),
        workflow_run: { id, repository_id: REPOSITORY_ID, head_repository_id: headRepository },
      });
    });
  }

  /** `actions/download-artifact` */
  fetch(cwd: string, id: string, run: string): void {
    const artifact = this.store.artifacts.find((each) => String(each.id) === id);
    if (artifact === undefined || String(artifact.workflow_run.id) !== run)
      throw new Error(`there is no artifact ${id} of run ${run}`);
    for (const file of ["plan.tfplan.gpg", "plan.tfplan"]) {
      try {
        copyFileSync(join(this.folder, `${id}.${file}`), join(cwd, file));
      } catch {
        // it was kept as the other
      }
    }
  }
}
