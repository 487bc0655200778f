/** The project's own commands, as a user calls them. */
import { PROJECT } from "../../src/machine/project";
import { run, type Finished, type Listener } from "../../src/machine/run";

/**
 * On a busy machine the provider now and then loses its connection to the emulator while it asks who it is; then once more.
 *
 * @param folder of the emulator
 * @param onLine gets what the tools say, @param onStart the command's process id
 */
export async function cli(
  folder: string,
  args: readonly string[],
  onLine?: Listener,
  onStart?: (pid: number) => void,
): Promise<Finished> {
  const call = () =>
    run(process.execPath, ["--require", "tsx/cjs", "src/cli.ts", ...args, "--folder", folder, "--verbose"], {
      cwd: PROJECT,
      env: process.env,
      ownGroup: true,
      ...(onLine && { onLine }),
      ...(onStart && { onStart }),
    });
  const first = await call();
  return first.code !== 0 && /GetCallerIdentity.*closed network connection/s.test(first.output) ? call() : first;
}
