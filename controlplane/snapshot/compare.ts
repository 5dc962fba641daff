import { ProblemError } from "../../core/problem";
import { isKubeError, openKube, type KubeClient, type KubeSource } from "../../kube";
import { ensurePki } from "../pki/ensurePki";
import { exactVersion } from "../plane/programs";
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

const withKube = async <T>(access: KubeSource, work: (kube: KubeClient) => Promise<T>): Promise<T> => {
  const kube = await openKube(access);
  try {
    return await work(kube);
  } finally {
    await kube.close();
  }
};

const digestOf = (access: KubeSource, revision: number, signal: AbortSignal): Promise<Digests> =>
  withKube(access, async kube => {
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
  access: KubeSource,
  at: { file: string; revision: number },
  signal: AbortSignal,
): Promise<Digests> => {
  try {
    return await digestOf(access, at.revision, signal);
  } catch (error) {
    throw isKubeError(error, "expired") ? tooOld(at.file, at.revision) : error;
  }
};

/** What is compared: the live side, and what the copy is made with. */
interface Comparison {
  readonly live: KubeSource;
  /** Folder whose keys and certificates the copy runs with. */
  readonly dir: string;
  readonly file: string;
  readonly version: string;
  readonly emulated?: string;
}

/** The live side is read first, since it forgets. */
const compare = async (
  { live: access, dir, file, version, emulated }: Comparison,
  options: RunOptions,
): Promise<RestoredComparison> => {
  const { revision } = await readSnapshot(file, options);
  const live = await digestLive(access, { file, revision }, options.signal);
  const restored = await withRestored({ dir, file, version, emulated }, options, kubeconfig =>
    digestOf({ kubeconfig }, revision, options.signal),
  );
  const objects = [...live.values()].reduce((sum, { count }) => sum + count, 0);
  return { revision, resources: live.size, objects, differences: describeDifferences(live, restored) };
};

/**
 * Proves a snapshot: restores it somewhere disposable and compares every object with the live cluster as it was at
 * exactly the snapshot's revision.
 */
export const compareRestored = async (
  dir: string,
  file: string,
  options: RunOptions,
): Promise<RestoredComparison> => {
  const { kubeconfig, ...versions } = comparisonSource(dir);
  return compare({ live: { kubeconfig }, dir, file, ...versions }, options);
};

/**
 * The same for a cluster that was not made here. Its copy runs with keys of its own in `dir`, by the patch of the minor
 * that can be had here: kinds and fields are a minor's. What is encrypted at rest can't be read by it.
 */
export const compareSnapshot = async (
  cluster: {
    readonly dir: string;
    readonly file: string;
    readonly access: KubeSource;
    readonly minor: string;
  },
  options: RunOptions,
): Promise<RestoredComparison> => {
  const { dir, file, access, minor } = cluster;
  await ensurePki(dir);
  return compare({ live: access, dir, file, version: exactVersion(minor) }, options);
};
