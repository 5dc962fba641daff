import { readRestart } from "../../../core/drain/ladder/restartRecord";
import { readSurge } from "../../../core/drain/ladder/surgeRecord";
import type { Holder } from "../../../core/drain/ladder/target";
import { workloadKey } from "../../../core/drain/world";
import type { KubeClient } from "../../../kube";
import type { HolderRef } from "./revert";
import { listSurged } from "./revertSurges";

/**
 * What one drain has to take back, by the key of what bears the record: what it surged itself, and what runs before it
 * left behind. The lease proves that these are over: there is one for the cluster, whoever drains. Another drain of its
 * own run may be at work beside it under the same lease, and takes back its own.
 */
export interface Owed {
  readonly add: (holder: HolderRef) => void;
  readonly has: (holder: HolderRef) => boolean;
  readonly settle: (holder: HolderRef) => void;
  /** Looks for what former runs left. Returns it. */
  readonly adopt: (kube: KubeClient, run: string) => Promise<readonly Holder[]>;
  readonly all: () => readonly HolderRef[];
}

/** A record that nobody can read is taken for one of a run that is over: only the record goes. */
const isOf = (holder: Holder, run: string): boolean => {
  const surge = readSurge(holder);
  const record = surge === "lost" ? undefined : surge;
  return (record ?? readRestart(holder))?.run === run;
};

export const openOwed = (): Owed => {
  const owed = new Map<string, HolderRef>();
  const add = (holder: HolderRef): void => void owed.set(workloadKey(holder), holder);
  return {
    add,
    has: holder => owed.has(workloadKey(holder)),
    settle: holder => void owed.delete(workloadKey(holder)),
    adopt: async (kube, run) => {
      const left = (await listSurged(kube)).filter(holder => !isOf(holder, run));
      left.forEach(add);
      return left;
    },
    all: () => [...owed.values()],
  };
};
