import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { cacheRoot } from "./cache";
import { hashFile, parseChecksumList, parseGithubDigest } from "./checksum";
import { fetchFile } from "./download";
import type { ToolOptions } from "./exclusive";
import { toolLabel, type ToolLock } from "./lock";
import { platformText, thisPlatform } from "./platform";
import { checksumMismatch, ReleaseUnavailable } from "./problems";
import { describeDownload, startPace } from "./progress";
import { planRelease, type Asset } from "./releasePlan";
import { ensureReachable, requestText } from "./releaseSource";
import { unpack } from "./unpack";

interface Job extends ToolOptions {
  readonly entry: ToolLock;
  readonly folder: string;
}

const TELL_EVERY_SECONDS = 3;

/** Bytes received so far survive a failed run here; the folder goes once the tool is complete. */
const downloadFolder = (entry: ToolLock): string => {
  const { os, arch } = thisPlatform();
  return join(cacheRoot(), "downloads", `${entry.id}-${entry.version}-${os}-${arch}`);
};

/** The pinned checksum, else the publisher's own. None at all means that this release can't be used. */
const wantedChecksum = async (asset: Asset, signal: AbortSignal): Promise<string> => {
  if (asset.pinned !== undefined) return asset.pinned;
  await ensureReachable(asset.checksum.url);
  const text = await requestText(asset.checksum.url, signal);
  const parse = asset.checksum.kind === "list" ? parseChecksumList : parseGithubDigest;
  const found = parse(text, asset.fileName);
  if (found === undefined)
    throw new ReleaseUnavailable(`${asset.checksum.url} has no checksum of ${asset.fileName}`);
  return found;
};

const download = async (job: Job, asset: Asset, file: string): Promise<void> => {
  const started = Date.now();
  const mayTell = startPace(TELL_EVERY_SECONDS, () => Date.now() / 1000);
  await fetchFile({
    url: asset.url,
    file,
    signal: job.signal,
    onBytes: (received, total, resumedAt) => {
      if (received !== total && !mayTell()) return;
      const seconds = (Date.now() - started) / 1000;
      const text = describeDownload({ file: asset.fileName, received, total, resumedAt, seconds });
      job.progress(`${toolLabel(job.entry)}: ${text}`);
    },
  });
};

/** Old bytes of an earlier run may be what is wrong: then one second try, from nothing, before calling it a mismatch. */
const fetchVerified = async (job: Job, asset: Asset, wanted: string): Promise<string> => {
  const file = join(job.folder, `${asset.fileName}.part`);
  const hadBytes = existsSync(file);
  await download(job, asset, file);
  const found = await hashFile(file);
  if (found === wanted) return file;
  await rm(file, { force: true });
  if (hadBytes) return fetchVerified(job, asset, wanted);
  throw checksumMismatch(job.entry, { url: asset.url, found, wanted });
};

/**
 * Downloads, verifies and unpacks the official release into `dir`; returns the addresses used.
 * Throws ReleaseUnavailable when it can't be had from here; all checksums are fetched before the first big file.
 */
export const fetchRelease = async (
  entry: ToolLock,
  dir: string,
  options: ToolOptions,
): Promise<readonly string[]> => {
  const platform = thisPlatform();
  const assets = planRelease(entry, platform);
  if (assets === undefined)
    throw new ReleaseUnavailable(`its publisher has none for ${platformText(platform)}`);
  for (const asset of assets) await ensureReachable(asset.url);
  const wanted: string[] = [];
  for (const asset of assets) wanted.push(await wantedChecksum(asset, options.signal));
  const job = { ...options, entry, folder: downloadFolder(entry) };
  await mkdir(job.folder, { recursive: true });
  for (const [index, asset] of assets.entries()) {
    const file = await fetchVerified(job, asset, wanted[index] ?? "");
    await unpack({ asset, file, dir, signal: options.signal });
  }
  await rm(job.folder, { recursive: true, force: true });
  return assets.map(asset => asset.url);
};
