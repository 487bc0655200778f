/** Environments in, stacks out: what `cdktf synth` runs. */
import { App } from "cdktf";
import { environments, remoteState } from "./src/config/environments";
import { emulatorAddress, isHere } from "./src/config/emulated";
import { keptIn } from "./src/config/kept";
import { SettingsError, validate } from "./src/config/validate";
import { REMOTE_STATE } from "./src/aws/names";
import { RemoteState } from "./src/stacks/remote-state";
import { WebApp } from "./src/stacks/web-app";

function main(): void {
  const emulated = emulatorAddress(process.env) !== undefined;
  const config = validate({ environments, remoteState });
  const here = Object.entries(config.environments).filter(([name]) => isHere(name, process.env));

  const app = new App();
  new RemoteState(app, REMOTE_STATE, {
    remoteState: config.remoteState,
    environments: Object.fromEntries(here),
    emulated,
  });
  for (const [name, settings] of here)
    new WebApp(app, name, { settings, remoteState: config.remoteState, emulated, kept: keptIn(name, emulated) });
  app.synth();
}

// cdktf takes a stack trace of every reference, and mapping each to its TypeScript lines is a third of a synth. A trace is
// mapped when it is read, so the trace of an error that is printed below still has them.
process.setSourceMapsEnabled(false);
try {
  main();
} catch (error) {
  process.setSourceMapsEnabled(true);
  if (!(error instanceof SettingsError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
