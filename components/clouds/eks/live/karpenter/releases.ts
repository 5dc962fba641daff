/**
 * Kubernetes minor → the first minor of Karpenter 1.x that supports it.
 * karpenter.sh/docs/upgrading/compatibility, as of v1.15 (October 2026).
 */
const FIRST: Readonly<Record<string, number>> = {
  "1.31": 0,
  "1.32": 2,
  "1.33": 5,
  "1.34": 6,
  "1.35": 9,
  "1.36": 13,
  "1.37": 15,
};

export const COMPATIBILITY_URL = "https://karpenter.sh/docs/upgrading/compatibility/";

/** "1.13" for "1.36"; undefined where the table that is known here does not say. */
export const firstRelease = (kubernetes: string): string | undefined => {
  const minor = FIRST[kubernetes];
  return minor === undefined ? undefined : `1.${String(minor)}`;
};

const RELEASE = /^v?(\d+)\.(\d+)\.\d+/;

/** Whether a release of Karpenter ("1.13.2", "v1.13.2") supports a minor; undefined = nobody can tell here. */
export const supports = (release: string, kubernetes: string): boolean | undefined => {
  const [, major, minor] = RELEASE.exec(release) ?? [];
  const first = FIRST[kubernetes];
  if (major === undefined || minor === undefined || first === undefined) return undefined;
  return Number(major) > 1 || (major === "1" && Number(minor) >= first);
};
