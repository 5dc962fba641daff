import type { Problem } from "../problem";
import { accept, refuse, type Result } from "../result";

/** A Kubernetes version. Without `patch` it stands for every patch of its minor. */
export interface KubeVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch?: number;
}

const SHAPE = /^v?(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3})(?:[-+][0-9A-Za-z.+-]+)?)?$/;

/** Reads "1.36", "1.36.4" and what live components report: "v1.36.4", "v1.36.4-eks-1a2b", "v1.36.4+k3s1". */
export const parseKubeVersion = (text: string): Result<KubeVersion> => {
  const [, major, minor, patch] = SHAPE.exec(text) ?? [];
  if (major === undefined || minor === undefined) return refuse([unreadable(text)]);
  const base = { major: Number(major), minor: Number(minor) };
  return accept(patch === undefined ? base : { ...base, patch: Number(patch) });
};

const unreadable = (text: string): Problem => ({
  code: "Version.Unreadable",
  path: "version",
  message: `found "${text}"; a version is written as "1.36" or "1.36.4"`,
  fix: 'write the minor, or the exact patch, in quotes: "1.36" or "1.36.4"',
});

/** "1.36", whatever the patch. */
export const minorText = ({ major, minor }: KubeVersion): string => `${major}.${minor}`;

/** "1.36" or "1.36.4", as precise as the value is. */
export const formatVersion = (version: KubeVersion): string =>
  version.patch === undefined ? minorText(version) : `${minorText(version)}.${version.patch}`;

/** Negative when `a` is of an older minor than `b`, 0 when of the same, positive when newer. Patches don't count. */
export const compareMinor = (a: KubeVersion, b: KubeVersion): number =>
  a.major - b.major || a.minor - b.minor;

/** Orders versions, patches included; one without patch comes before every patch of its minor. */
export const compareVersion = (a: KubeVersion, b: KubeVersion): number =>
  compareMinor(a, b) || (a.patch ?? -1) - (b.patch ?? -1);

/** Moves by whole minors: `addMinors(1.36.4, -1)` is 1.35. */
export const addMinors = ({ major, minor }: KubeVersion, count: number): KubeVersion => ({
  major,
  minor: minor + count,
});

/** Whether `found` is what `wanted` asks for: the same minor, and the same patch where one is wanted. Unreadable never is. */
export const matchesVersion = (found: string, wanted: string): boolean => {
  const [has, wants] = [parseKubeVersion(found), parseKubeVersion(wanted)];
  if (!has.ok || !wants.ok || compareMinor(has.value, wants.value) !== 0) return false;
  return wants.value.patch === undefined || wants.value.patch === has.value.patch;
};

/** "1.36" of "v1.36.4" or "1.36.4-gke.1000000"; a text that is no version stays as it is. */
export const minorOf = (text: string): string => {
  const read = parseKubeVersion(text);
  return read.ok ? minorText(read.value) : text;
};
