import type { Problem } from "../problem";
import type { ClusterSpec } from "./cluster";
import type { PoolEntry } from "./pools";

/** Settings of machines that not every cloud has a use for, and those that have. */
const USED_BY = {
  hosts: ["kubeadm"],
  capacity: ["eks", "gke", "aks"],
  diskGiB: ["eks", "gke", "aks"],
  launchTemplate: ["eks"],
  accelerator: ["gke"],
  karpenter: ["eks"],
} as const satisfies Partial<Record<keyof PoolEntry, readonly ClusterSpec["cloud"][]>>;

const list = (clouds: readonly string[]): string => clouds.join(", ");

/** A setting that would be read and then forgotten is refused. */
export const settingsElsewhere = (
  { cloud }: ClusterSpec,
  name: string,
  entry: PoolEntry,
): readonly Problem[] =>
  Object.entries(USED_BY).flatMap(([key, clouds]: [string, readonly string[]]) =>
    entry[key as keyof typeof USED_BY] === undefined || clouds.includes(cloud)
      ? []
      : [
          {
            code: "Config.NotAllowed",
            path: `pools.${name}.${key}`,
            message: `found on cloud "${cloud}", which has no use for it; ${list(clouds)} has`,
            fix: `remove pools.${name}.${key}`,
          },
        ],
  );
