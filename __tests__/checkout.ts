/** A copy of the project as a runner checks it out, which a test may change. */
import { cpSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { PROJECT } from "../src/machine/project";
import { run } from "../src/machine/run";

/** What no checkout has, and what no command of the infrastructure needs. */
const LEFT_OUT =
  /^(node_modules|\.git|\.local|\.venv.*|\.terraform-plugins|\.test-results|\.artifacts|cdktf\.out|webapp|.*\.tfstate.*)$/;

export class Checkout {
  private constructor(readonly folder: string) {}

  /**
   * @param folder of the copy
   * @param local folder of the emulator that its commands find, if there is one
   */
  static async into(folder: string, local?: string): Promise<Checkout> {
    cpSync(PROJECT, folder, { recursive: true, filter: (path) => !LEFT_OUT.test(relative(PROJECT, path)) });
    symlinkSync(join(PROJECT, "node_modules"), join(folder, "node_modules"));
    if (local !== undefined) symlinkSync(local, join(folder, ".local"));
    const checkout = new Checkout(folder);
    await checkout.git("init", "--quiet");
    writeFileSync(join(folder, ".git", "info", "exclude"), ".local\n");
    await checkout.commit("a merge");
    return checkout;
  }

  /** Changes a file of the working copy. @returns a function that reverts it */
  edit(file: string, from: string, to: string): () => void {
    const path = join(this.folder, file);
    const before = readFileSync(path, "utf8");
    if (!before.includes(from)) throw new Error(`${file} has no ${from}`);
    writeFileSync(path, before.replace(from, to));
    return () => writeFileSync(path, before);
  }

  path(file: string): string {
    return join(this.folder, file);
  }

  write(file: string, content: string | Buffer): void {
    writeFileSync(join(this.folder, file), content);
  }

  async commit(message: string): Promise<void> {
    await this.git("add", "--all");
    // Whatever the user's own settings are.
    const settings = [
      "user.name=test",
      "user.email=test@example.com",
      "commit.gpgSign=false",
      "core.hooksPath=/dev/null",
    ];
    await this.git(...settings.flatMap((each) => ["-c", each]), "commit", "--quiet", "--message", message);
  }

  /** Name of what is checked out, whoever has committed it, and when. */
  async tree(): Promise<string> {
    return (await this.git("rev-parse", "HEAD^{tree}")).trim();
  }

  /** One of the project's commands, with the settings as they are here. */
  command(...args: readonly string[]) {
    return run(process.execPath, ["--require", "tsx/cjs", "src/cli.ts", ...args, "--verbose"], {
      cwd: this.folder,
      env: process.env,
      ownGroup: true,
    });
  }

  private async git(...args: readonly string[]): Promise<string> {
    const { code, stdout, output } = await run("git", args, { cwd: this.folder, env: process.env });
    if (code !== 0) throw new Error(output);
    return stdout;
  }
}
