const { spawn } = require("node:child_process");
const { mkdtempSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

/** Starts the deployment that tests take copies of, and waits for nothing: other tests run meanwhile. */
module.exports = () => {
  const folder = mkdtempSync(join(tmpdir(), "flask-on-aws-deployment-"));
  process.env.DEPLOYMENT = folder;
  const script = ["--require", "tsx/cjs", require.resolve("./deployment.ts"), folder];
  const child = spawn(process.execPath, script, { stdio: ["pipe", "ignore", "inherit"] });
  child.unref();
  child.stdin.unref();
};
