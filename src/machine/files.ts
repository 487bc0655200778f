import { readFileSync, statSync, writeFileSync } from "node:fs";
import { Problem } from "./problem";

/** @throws Problem naming the option whose file cannot be written */
export function save(option: string, file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new Problem(`${option} ${file}: cannot be written: ${(error as Error).message}`);
  }
}

/** What a file has in it. @param named how the user has named it, for the message @throws Problem if it cannot be read */
export function textIn(file: string, named = file): string {
  if (kindOf(file) === "folder") throw new Problem(`${named} is a folder, not a file`);
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Problem(`${named} cannot be read: ${(error as Error).message}`);
  }
}

/** What a path leads to; `below a file` is a path that no folder can have. */
export function kindOf(path: string): "file" | "folder" | "nothing" | "below a file" {
  try {
    return statSync(path).isDirectory() ? "folder" : "file";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOTDIR" ? "below a file" : "nothing";
  }
}
