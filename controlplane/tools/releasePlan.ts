import type { ReleaseLock, ToolLock } from "./lock";
import { platformText, type Platform } from "./platform";

/** One file to download and what to take out of it. Pure: the lock and a platform in, addresses out. */
export interface Asset {
  readonly url: string;
  readonly fileName: string;
  readonly format: ReleaseLock["format"];
  /** Final name of each file taken, and where it is in the archive (for `plain` the file itself). */
  readonly takes: Readonly<Record<string, string>>;
  readonly checksum: { readonly kind: ReleaseLock["checksum"]["kind"]; readonly url: string };
  readonly pinned: string | undefined;
}

const PULUMI_ARCH: Readonly<Record<string, string>> = { amd64: "x64" };

type Fill = (template: string) => string;

const filling =
  (entry: ToolLock, platform: Platform, program: string): Fill =>
  template =>
    template
      .replaceAll("{version}", entry.version)
      .replaceAll("{os}", platform.os)
      .replaceAll("{arch}", platform.arch)
      .replaceAll("{x64}", PULUMI_ARCH[platform.arch] ?? platform.arch)
      .replaceAll("{program}", program);

const assetOf = (release: ReleaseLock, platform: Platform, fill: Fill): Omit<Asset, "takes"> => {
  const url = fill(release.url);
  const fileName = url.slice(url.lastIndexOf("/") + 1);
  return {
    url,
    fileName,
    format: release.format,
    checksum: { kind: release.checksum.kind, url: fill(release.checksum.url) },
    pinned: release.sha256?.[`${platformText(platform)}/${fileName}`],
  };
};

const archive = (entry: ToolLock, release: ReleaseLock, platform: Platform): Asset => {
  const fill = filling(entry, platform, "");
  const names = [...Object.keys(entry.programs), ...(release.extras ?? [])];
  const takes = Object.fromEntries(names.map(name => [name, `${fill(release.root ?? "")}${name}`]));
  return { ...assetOf(release, platform, fill), takes };
};

/** Undefined when the publisher has nothing for this platform. */
export const planRelease = (entry: ToolLock, platform: Platform): readonly Asset[] | undefined => {
  const release = entry.releases.find(one => one.platforms.includes(platformText(platform)));
  if (release === undefined) return undefined;
  if (release.format !== "plain") return [archive(entry, release, platform)];
  return Object.keys(entry.programs).map(name => {
    const asset = assetOf(release, platform, filling(entry, platform, name));
    return { ...asset, takes: { [name]: asset.fileName } };
  });
};
