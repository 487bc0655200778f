/** Options that npm has taken for itself, because the `--` before them was forgotten: npm hands them on as `npm_config_NAME`. */

/** Every option of every command: which of them is this command's is not looked up, since npm takes all. A test compares. */
const NAMES =
  "what-if compare svg format json refresh write plan environment folder verbose refresh-only out load peak hours start resolution " +
  "request-cpu queue slo parameter seed sweep phases assert html from ids vpc new keep-harmless apply dry-run release " +
  "calibrate runs speed suggest-schedule";

/**
 * Names of the options that `npm run COMMAND … --OPTION` has kept from the command; none where npm has not started it itself.
 *
 * `--verbose` is npm's own (`loglevel`), and only makes npm talk. npm completes `--format` to an option of its own; a value that is
 * written after a space is then left as one word too many.
 * https://docs.npmjs.com/cli/v11/using-npm/scripts#environment
 */
export function takenByNpm(command: string, env: NodeJS.ProcessEnv): string[] {
  if (env["npm_lifecycle_event"] !== command) return [];
  // npm hands on its own switches that are off as an empty text.
  return NAMES.split(" ").filter((name) => (env[`npm_config_${name.replaceAll("-", "_")}`] ?? "") !== "");
}
