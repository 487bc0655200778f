/** `npm run help`: every command, in the order in which a newcomer needs it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT } from "../machine/project";
import { defineCommand } from "./command";

export const command = defineCommand({
  usage: "",
  about: "Lists every command. Each has a screen of its own: npm run NAME -- --help",
  options: {},
  run: () => Promise.resolve({ text: readFileSync(join(PROJECT, "help"), "utf8").trimEnd(), code: 0 }),
});
