/** Plans that need no emulator: what Terraform itself writes about failures, checks, outputs and leftovers, and a stack of somebody else's. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeFixture } from "../__tests__/fixtures/plans";
import { writeTerraformConfig } from "../src/emulator/emulator";
import { run } from "../src/machine/run";
import { foreignStack, innerModule } from "./plan-foreign";
import { trimmed } from "./plan-trim";

interface Small {
  /** Configurations that are applied one after the other, whether or not that succeeds. */
  readonly applied: readonly object[];
  readonly planned: object;
  readonly options?: readonly string[];
}

const data = (values: object = {}) => ({ input: "1", ...values });
const must = (condition: string, error_message: string) => ({
  lifecycle: { precondition: [{ condition, error_message }] },
});
const checked = (answer: string) => ({
  resource: { terraform_data: { site: data() } },
  check: {
    site: {
      assert: [{ condition: `\${terraform_data.site.output == "${answer}"}`, error_message: "The site is silent." }],
    },
  },
});

/** `user` waits for `kept`, which is created anew before its old object is deleted; where `user` fails, the old one stays. */
const replaced = (input: string, user: object) => ({
  resource: {
    terraform_data: { kept: { input, triggers_replace: input, lifecycle: { create_before_destroy: true } }, user },
  },
});
const refusing = {
  input: "${terraform_data.kept.output}",
  ...must('${terraform_data.kept.output == "1"}', "It is not accepted."),
};

const smallPlans: Readonly<Record<string, Small>> = {
  errored: {
    applied: [],
    planned: {
      variable: { architecture: { default: "arm64" } },
      resource: {
        terraform_data: {
          made: data(),
          refused: data(
            must('${var.architecture == "x86_64"}', "The image is for arm64, the instance type for x86_64."),
          ),
        },
      },
    },
  },
  "check-failed": { applied: [checked("1")], planned: checked("2") },
  "output-changed": {
    applied: [
      {
        output: {
          url: { value: "http://old.example" },
          gone: { value: "x" },
          password: { value: "correct-horse-old", sensitive: true },
        },
      },
    ],
    planned: {
      output: {
        url: { value: "http://new.example" },
        added: { value: "y" },
        password: { value: "correct-horse-new", sensitive: true },
      },
    },
  },
  deposed: { applied: [replaced("1", refusing), replaced("2", refusing)], planned: replaced("2", data()) },
  targeted: {
    applied: [{ resource: { terraform_data: { one: data() } } }],
    planned: { resource: { terraform_data: { one: data(), two: data() } } },
    options: ["-target=terraform_data.one"],
  },
  foreign: { applied: [], planned: foreignStack },
};

/** @param asked names of plans; none for all of them */
export async function writeSmallPlans(asked: readonly string[], env: NodeJS.ProcessEnv): Promise<string[]> {
  const wanted = Object.entries(smallPlans).filter(([name]) => asked.length === 0 || asked.includes(name));
  for (const [name, small] of wanted) {
    const cwd = mkdtempSync(join(tmpdir(), "plan-small-"));
    const own = { ...env, TF_CLI_CONFIG_FILE: writeTerraformConfig(cwd, env) };
    const terraform = (...args: string[]) => run("terraform", args, { cwd, env: own });
    const configure = async (document: object) => {
      writeFileSync(join(cwd, "main.tf.json"), JSON.stringify(document));
      await terraform("init", "-input=false");
    };
    try {
      mkdirSync(join(cwd, "inner"));
      writeFileSync(join(cwd, "inner", "main.tf.json"), JSON.stringify(innerModule));
      for (const document of small.applied) {
        await configure(document);
        await terraform("apply", "-auto-approve", "-input=false");
      }
      await configure(small.planned);
      const { output } = await terraform(
        "plan",
        "-input=false",
        "-no-color",
        "-out=plan.tfplan",
        ...(small.options ?? []),
      );
      const shown = await terraform("show", "-json", "plan.tfplan");
      if (shown.code !== 0) throw new Error(`${name}: ${output}`);
      writeFixture(name, trimmed({ paths: {}, plan: JSON.parse(shown.stdout) as object }, ""));
    } finally {
      rmSync(cwd, { recursive: true, force: true });
    }
  }
  return wanted.map(([name]) => name);
}
