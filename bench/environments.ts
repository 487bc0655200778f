/** The app with as many environments as the first argument asks for, to measure the cost of each further one. */
import { App } from "cdktf";
import { environments, remoteState } from "../src/config/environments";
import { validate } from "../src/config/validate";
import { WebApp } from "../src/stacks/web-app";

const names = Array.from({ length: Number(process.argv[2]) }, (_, index) => `env${String(index).padStart(2, "0")}`);
const config = validate({
  environments: Object.fromEntries(names.map((name) => [name, environments.production])),
  remoteState,
});
process.setSourceMapsEnabled(false); // as main.ts does
const app = new App();
for (const [name, settings] of Object.entries(config.environments)) new WebApp(app, name, { settings, remoteState });
app.synth();
