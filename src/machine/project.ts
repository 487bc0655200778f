/** Folder of the project, in which every command runs. */
import { resolve } from "node:path";

export const PROJECT = resolve(__dirname, "../..");
