import { existsSync } from "node:fs";
import { join } from "node:path";

const SOURCE_LOADER = join(__dirname, "..", "..", "components", "source.cjs");

/** How to run one of our own files as a program: from source in a clone, compiled in a package. */
export const ownEntry = (stem: string): { readonly command: string; readonly args: readonly string[] } => {
  const source = `${stem}.ts`;
  const args = existsSync(source) ? ["--require", SOURCE_LOADER, source] : [`${stem}.js`];
  return { command: process.execPath, args };
};
