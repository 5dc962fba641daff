import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ownEntry } from "../../controlplane/process/ownEntry";

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The plugin of a stand-in as the engine looks for it on PATH; returns the folder to put there. `main` = its program. */
export const placePlugin = (folder: string, provider: string, main: string): string => {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  const { command, args } = ownEntry(main);
  const words = [command, ...args].map(quoted).join(" ");
  const file = join(bin, `pulumi-resource-${provider}`);
  writeFileSync(file, `#!/bin/sh\nexec ${words} "$@"\n`);
  chmodSync(file, 0o755);
  return bin;
};
