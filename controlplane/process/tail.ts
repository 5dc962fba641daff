import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const TAIL_BYTES = 64 * 1024;

/** The last lines of a log, without reading all of it; none where there is no log. */
export const lastLines = (path: string, count: number): readonly string[] => {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return [];
  }
  try {
    const { size } = fstatSync(file);
    const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES));
    readSync(file, buffer, 0, buffer.length, size - buffer.length);
    const lines = buffer.toString("utf8").trimEnd().split("\n");
    return lines.slice(-count).filter(line => line !== "");
  } finally {
    closeSync(file);
  }
};
