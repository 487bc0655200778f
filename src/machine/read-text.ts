/** Reads files that other programs wrote, whatever they put around the text. */
import { readFileSync, statSync } from "node:fs";
import { Problem } from "./problem";
import { visible } from "./visible";

const AS_UTF8 = "write it as UTF-8 (in PowerShell: … | Out-File -Encoding utf8 FILE)";

/** What other kinds of file begin with, in bytes. */
const SIGNATURES: readonly (readonly [bytes: readonly number[], what: string])[] = [
  [[0xff, 0xfe, 0x00, 0x00], `is UTF-32: ${AS_UTF8}`],
  [[0xff, 0xfe], `is UTF-16: ${AS_UTF8}`],
  [[0xfe, 0xff], `is UTF-16: ${AS_UTF8}`],
  [[0x1f, 0x8b], "is compressed with gzip: unpack it with gunzip"],
];

/** @throws Problem if there is no such file, it is a folder, or it cannot be read */
export function readBytes(file: string): Buffer {
  try {
    if (statSync(file).isDirectory()) throw new Error("it is a folder");
    return readFileSync(file);
  } catch (error) {
    throw new Problem(`${file} cannot be read: ${(error as Error).message}`);
  }
}

/**
 * The text, without the byte order mark that Windows puts before it.
 *
 * @param file for the message
 * @throws Problem naming the encoding if it is not UTF-8
 */
export function textOf(bytes: Buffer, file: string): string {
  const found = SIGNATURES.find(([signature]) => signature.every((byte, index) => bytes[index] === byte));
  if (found !== undefined) throw new Problem(`${file} ${found[1]}`);
  // Text without NUL characters has a zero byte only in UTF-16 and UTF-32.
  if (bytes.subarray(0, 4).includes(0)) throw new Problem(`${file} is UTF-16 without a byte order mark: ${AS_UTF8}`);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Problem(`${file} is not UTF-8: ${AS_UTF8}`);
  }
}

/** @throws Problem if it is not JSON, with the line before the JSON if a wrapper has put one there */
export function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const [first = "", ...rest] = text.trim().split("\n");
    if (isJson(rest.join("\n")))
      throw new Problem(
        `${file} is not JSON: a wrapper has put a line before it (${visible(first.trim()).slice(0, 80)}): remove that line, or call Terraform without the wrapper`,
      );
    throw new Problem(`${file} is not JSON: ${(error as Error).message.replace(/\s+/g, " ")}`);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
