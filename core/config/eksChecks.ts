import type { Problem } from "../problem";
import { compareMinor, type KubeVersion, minorText, parseKubeVersion } from "../version/kubeVersion";
import type { ClusterSpec } from "./cluster";
import { checkPatch } from "./eks";
import { parseEksImage } from "./eksImage";
import { checkKarpenterPool } from "./karpenterChecks";
import { nearest } from "./nearest";
import type { PoolEntry } from "./pools";

/** Release of an EKS optimised AMI: Kubernetes version, then the day it was built. */
const RELEASE = /^(\d+\.\d+\.\d+)-\d{8}$/;

const RELEASES_URL = "https://docs.aws.amazon.com/eks/latest/userguide/eks-linux-ami-versions.html";

/** Rules of EKS between a pool, its image and the cluster's network. `version` is what the pool will run. */
export const checkEksPool = (
  cluster: ClusterSpec,
  pool: { readonly name: string; readonly version: string },
  entry: PoolEntry,
): readonly Problem[] => {
  const wanted = parseKubeVersion(pool.version);
  if (!wanted.ok) return [];
  return [
    ...checkPatch(`pools.${pool.name}.version`, wanted.value),
    ...checkImage(pool.name, wanted.value, entry.image),
    ...checkTemplate(pool.name, entry),
    ...checkKarpenterPool({ name: pool.name, entry }),
    ...checkZones(pool.name, Object.keys(cluster.eks?.subnets ?? {}), entry.zones),
  ];
};

const checkImage = (pool: string, wanted: KubeVersion, image: string | undefined): readonly Problem[] => {
  if (image === undefined) return [];
  return image.startsWith("WINDOWS") ? [windows(pool, image)] : checkRelease(pool, wanted, image);
};

const checkRelease = (pool: string, wanted: KubeVersion, image: string): readonly Problem[] => {
  const { family, release } = parseEksImage(image);
  const [, text] = RELEASE.exec(release) ?? [];
  if (text === undefined) return family === undefined ? [badImage(pool, image)] : [];
  const made = parseKubeVersion(text);
  return made.ok && compareMinor(made.value, wanted) === 0
    ? []
    : [otherMinor(pool, image, minorText(wanted))];
};

const windows = (pool: string, found: string): Problem => ({
  code: "Eks.Windows",
  path: `pools.${pool}.image`,
  message: `found "${found}"; Windows nodes can't take the pods of a Linux pool, and draining them is not proven`,
  fix: "take a Linux image, and keep Windows nodes in a node group of your own",
  source: "https://docs.aws.amazon.com/eks/latest/userguide/windows-support.html",
});

/** EKS takes a disk from the group or from its template, never from both. */
const checkTemplate = (pool: string, { launchTemplate, diskGiB }: PoolEntry): readonly Problem[] =>
  launchTemplate === undefined || diskGiB === undefined
    ? []
    : [
        {
          code: "Eks.DiskInTemplate",
          path: `pools.${pool}.diskGiB`,
          message: `found ${diskGiB} beside launchTemplate "${launchTemplate}"; with a template EKS takes disks from there only`,
          fix: "write the disk into the template's block device mappings, and remove this line",
          source: "https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html",
        },
      ];

const badImage = (pool: string, found: string): Problem => ({
  code: "Eks.Image",
  path: `pools.${pool}.image`,
  message: `found "${found}"; an image is a release of the EKS optimised AMI, such as 1.36.1-20261105, or TYPE/RELEASE for another family`,
  fix: "take the release from the list of EKS AMI versions",
  source: RELEASES_URL,
});

const otherMinor = (pool: string, found: string, minor: string): Problem => ({
  code: "Eks.ImageOfOtherMinor",
  path: `pools.${pool}.image`,
  message: `found "${found}" while the pool runs ${minor}; the image's release says what its kubelet is`,
  fix: `choose a release of ${minor}, or set pools.${pool}.version to the image's minor`,
  source: RELEASES_URL,
});

const checkZones = (pool: string, known: readonly string[], zones: readonly string[]): readonly Problem[] =>
  zones
    .filter(zone => !known.includes(zone))
    .map(zone => {
      const meant = nearest(zone, known);
      return {
        code: "Eks.ZoneWithoutSubnet",
        path: `pools.${pool}.zones`,
        message: `found "${zone}"; cluster.eks.subnets has ${[...known].sort().join(", ")}`,
        fix: meant === undefined ? `add cluster.eks.subnets.${zone}` : `did you mean "${meant}"?`,
      };
    });
