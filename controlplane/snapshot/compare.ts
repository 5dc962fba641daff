import { ProblemError } from "../../core/problem";
import { isKubeError, openKube, type KubeClient } from "../../kube";
import type { RunOptions } from "../plane/spec";
import { describeDifferences } from "./difference";
import { digestAll, type Digests } from "./digest";
import { readStoredResources } from "./resources";
import { withRestored } from "./restore";
import { readSnapshot } from "./snapshot";
import { comparisonSource } from "./source";

export interface RestoredComparison {
  readonly revision: number;
  /** Kinds of objects compared. */
  readonly resources: number;
  readonly objects: number;
  /** One line per resource whose count or content differs; none = the snapshot holds everything. */
  readonly differences: readonly string[];
}

const withKube = async <T>(kubeconfig: string, work: (kube: KubeClient) => Promise<T>): Promise<T> => {
  const kube = await openKube({ kubeconfig });
  try {
    return await work(kube);
  } finally {
    await kube.close();
  }
};

const digestOf = (kubeconfig: string, revision: number, signal: AbortSignal): Promise<Digests> =>
  withKube(kubeconfig, async kube => {
    const resources = await readStoredResources(kube, signal);
    return digestAll(kube, { resources, revision }, signal);
  });

const tooOld = (file: string, revision: number): ProblemError =>
  new ProblemError("the snapshot cannot be compared any more", [
    {
      code: "ControlPlane.SnapshotTooOld",
      path: file,
      message: `the live cluster has forgotten revision ${revision}; it keeps about five minutes`,
      fix: "take a new snapshot and compare it right away",
    },
  ]);

const digestLive = async (
  kubeconfig: string,
  at: { file: string; revision: number },
  signal: AbortSignal,
): Promise<Digests> => {
  try {
    return await digestOf(kubeconfig, at.revision, signal);
  } catch (error) {
    throw isKubeError(error, "expired") ? tooOld(at.file, at.revision) : error;
  }
};

/**
 * Proves a snapshot: restores it somewhere disposable and compares every object with the live cluster as it was at
 * exactly the snapshot's revision. The live side is read first, since it forgets.
 */
export const compareRestored = async (
  dir: string,
  file: string,
  options: RunOptions,
): Promise<RestoredComparison> => {
  const { kubeconfig: source, version, emulated } = comparisonSource(dir);
  const { revision } = await readSnapshot(file, options);
  const live = await digestLive(source, { file, revision }, options.signal);
  const restored = await withRestored({ dir, file, version, emulated }, options, kubeconfig =>
    digestOf(kubeconfig, revision, options.signal),
  );
  const objects = [...live.values()].reduce((sum, { count }) => sum + count, 0);
  return { revision, resources: live.size, objects, differences: describeDifferences(live, restored) };
};
