/** What is wrong with the arguments of a takeover, before anything is asked. */
import { command } from "../../src/commands/takeover";
import { runCommand } from "../../src/commands/command";

test.each([
  [["--apply", "--dry-run"], "--apply cannot be combined with --dry-run"],
  [
    ["--release", "all-harmless", "--from", "x", "--ids", "y", "--vpc", "z", "--new", "now", "--keep-harmless"],
    ["from", "ids", "vpc", "new", "keep-harmless"]
      .map((name) => `--${name} cannot be combined with --release`)
      .join("\n"),
  ],
])("%j", async (args, message) => {
  await expect(runCommand("takeover", command, ["production", ...args], {})).rejects.toThrow(message);
});
