import { accessSync, constants, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Problem } from "./problem";

/** @throws Problem naming the option whose file cannot be written */
export function save(option: string, file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new Problem(`${option} ${file}: cannot be written: ${(error as Error).message}`);
  }
}

/** Before the work of what is to be saved: @throws Problem naming the option whose file cannot be written */
export function checkSavable(option: string, file: string): void {
  const problem = (why: string) => new Problem(`${option} ${file}: cannot be written: ${why}`);
  const existing = statSync(file, { throwIfNoEntry: false });
  if (existing?.isDirectory() === true) throw problem("it is a folder");
  try {
    accessSync(existing === undefined ? dirname(file) : file, constants.W_OK);
  } catch (error) {
    throw problem((error as Error).message);
  }
}

/** What a file has in it. @param named how the user has named it, for the message @throws Problem if it cannot be read */
export function textIn(file: string, named = file): string {
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true)
    throw new Problem(`${named} is a folder, not a file`);
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Problem(`${named} cannot be read: ${(error as Error).message}`);
  }
}

/** Whether there is a file of this name, and not a folder. */
export const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;
