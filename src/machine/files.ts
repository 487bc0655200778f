import { writeFileSync } from "node:fs";
import { Problem } from "./problem";

/** @throws Problem naming the option whose file cannot be written */
export function save(option: string, file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new Problem(`${option} ${file}: cannot be written: ${(error as Error).message}`);
  }
}
