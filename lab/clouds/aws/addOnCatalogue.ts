import { exactVersion, runnableMinors } from "../../../controlplane";

/*
 * Not Amazon's: versions made up for the minors that the lab runs, with the shape of the real lists. Each add-on has a
 * version that trails (fits the older minors only), so that an upgrade has something to refuse.
 */
interface Listed {
  readonly version: string;
  readonly minors: readonly string[];
  readonly defaultFor?: readonly string[];
}

const upTo = (minor: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `1.${Number(minor.split(".")[1]) + index}`);

/** A kube-proxy may be older than its control plane by three minors, and never newer (version-skew-policy). */
const kubeProxies = (): readonly Listed[] =>
  [...runnableMinors()].map(minor => ({
    version: `v${exactVersion(minor)}-eksbuild.2`,
    minors: upTo(minor, 4),
    defaultFor: [minor],
  }));

const LISTS: Readonly<Record<string, () => readonly Listed[]>> = {
  "kube-proxy": kubeProxies,
  "vpc-cni": () => [
    { version: "v1.21.1-eksbuild.1", minors: ["1.35", "1.36", "1.37"], defaultFor: ["1.36", "1.37"] },
    { version: "v1.20.4-eksbuild.2", minors: ["1.34", "1.35", "1.36"], defaultFor: ["1.34", "1.35"] },
    { version: "v1.19.6-eksbuild.7", minors: ["1.34", "1.35"] },
  ],
  coredns: () => [
    { version: "v1.13.1-eksbuild.1", minors: ["1.35", "1.36", "1.37"], defaultFor: ["1.36", "1.37"] },
    { version: "v1.12.4-eksbuild.1", minors: ["1.34", "1.35", "1.36"], defaultFor: ["1.34", "1.35"] },
  ],
  "aws-ebs-csi-driver": () => [
    { version: "v1.54.0-eksbuild.1", minors: ["1.35", "1.36", "1.37"], defaultFor: ["1.36", "1.37"] },
    { version: "v1.50.1-eksbuild.1", minors: ["1.34", "1.35", "1.36"], defaultFor: ["1.34", "1.35"] },
  ],
  "eks-pod-identity-agent": () => [
    {
      version: "v1.3.10-eksbuild.2",
      minors: ["1.34", "1.35", "1.36", "1.37"],
      defaultFor: ["1.34", "1.35", "1.36", "1.37"],
    },
  ],
};

const listsOf = (name: string | null): readonly (readonly [string, readonly Listed[]])[] =>
  Object.entries(LISTS)
    .filter(([addOn]) => name === null || addOn === name)
    .map(([addOn, list]) => [addOn, list()] as const);

/** Whether a version is one for the minor. */
export const isListed = (name: string, version: string, minor: string): boolean =>
  listsOf(name).some(([, list]) => list.some(one => one.version === version && one.minors.includes(minor)));

export const isAddOn = (name: string): boolean => LISTS[name] !== undefined;

export const defaultVersion = (name: string, minor: string): string | undefined =>
  listsOf(name).flatMap(([, list]) => list.filter(one => one.defaultFor?.includes(minor)))[0]?.version;

const describeVersion = ({ version, minors, defaultFor = [] }: Listed, asked: string | null): object => ({
  addonVersion: version,
  architecture: ["amd64", "arm64"],
  compatibilities: minors
    .filter(minor => asked === null || minor === asked)
    .map(clusterVersion => ({
      clusterVersion,
      platformVersions: ["*"],
      defaultVersion: defaultFor.includes(clusterVersion),
    })),
});

/** DescribeAddonVersions, by name and by minor; a name it does not have is an empty list. */
export const listAddOnVersions = (query: URLSearchParams): object => {
  const minor = query.get("kubernetesVersion");
  return {
    addons: listsOf(query.get("addonName")).map(([addonName, list]) => ({
      addonName,
      addonVersions: list
        .filter(({ minors }) => minor === null || minors.includes(minor))
        .map(one => describeVersion(one, minor)),
    })),
  };
};
