import { existsSync } from "node:fs";

/** How to run one of our own files as a program: from source in a clone, compiled in a package. */
export const ownEntry = (stem: string): { readonly command: string; readonly args: readonly string[] } => {
  const source = `${stem}.ts`;
  const args = existsSync(source) ? ["--import", require.resolve("tsx"), source] : [`${stem}.js`];
  return { command: process.execPath, args };
};
