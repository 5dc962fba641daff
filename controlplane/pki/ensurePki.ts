import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type * as fill from "./fill";
import { pkiFolder } from "./layout";

/** All keys and certificates of a control plane, made once; a half-made set never becomes visible. */
export const ensurePki = async (dir: string): Promise<void> => {
  const folder = pkiFolder(dir);
  if (existsSync(folder)) return;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const beside = mkdtempSync(join(dir, "pki.new-"));
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- loaded when needed: the certificate library takes longer than all else here
    await (require("./fill") as typeof fill).fillPki(beside);
    renameSync(beside, folder);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
};
