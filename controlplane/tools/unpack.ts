import { copyFile, mkdtemp, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { extract } from "tar";
import { runChild } from "./child";
import { ReleaseUnavailable } from "./problems";
import type { Asset } from "./releasePlan";

export interface Unpacking {
  readonly asset: Asset;
  readonly file: string;
  readonly dir: string;
  readonly signal: AbortSignal;
}

const LONGEST_UNZIP_MS = 5 * 60 * 1000;

/** Only the named files leave the archive, under names from our lock: nothing in it can choose its own path. */
const untar = async ({ asset, file, dir }: Unpacking): Promise<void> => {
  const inner = await mkdtemp(join(dir, "inner-"));
  const wanted = new Set(Object.values(asset.takes));
  await extract({ file, cwd: inner, strict: true, filter: path => wanted.has(path.replace(/^\.\//, "")) });
  for (const [name, path] of Object.entries(asset.takes)) await rename(join(inner, path), join(dir, name));
  await rm(inner, { recursive: true });
};

/** etcd ships zip files for macOS only, and each macOS has `unzip`. */
const unzip = async ({ asset, file, dir, signal }: Unpacking): Promise<void> => {
  const args = ["-q", "-o", "-j", file, ...Object.values(asset.takes), "-d", dir];
  const end = await runChild({ command: "unzip", args, signal, deadlineMs: LONGEST_UNZIP_MS });
  if (end.code !== 0)
    throw new ReleaseUnavailable(`unzip failed on ${asset.fileName}: ${end.lastLines.join(" ")}`);
  for (const [name, path] of Object.entries(asset.takes))
    await rename(join(dir, basename(path)), join(dir, name));
};

const copyPlain = async ({ asset, file, dir }: Unpacking): Promise<void> => {
  for (const name of Object.keys(asset.takes)) await copyFile(file, join(dir, name));
};

const UNPACKERS: Readonly<Record<Asset["format"], (order: Unpacking) => Promise<void>>> = {
  plain: copyPlain,
  "tar.gz": untar,
  zip: unzip,
};

export const unpack = (order: Unpacking): Promise<void> => UNPACKERS[order.asset.format](order);
