import type { Change, PodFact } from "../../core/drain/facts";

export interface StartTimes {
  readonly hear: (change: Change) => void;
  /** From here on a pod that was not known before has just been made. */
  readonly begin: () => void;
}

/** Times pods from the moment the watch tells of them until it tells that they are Ready. */
export const startTimes = (now: () => number, onStart: (owner: string, ms: number) => void): StartTimes => {
  const known = new Set<string>();
  const bornAt = new Map<string, number>();
  let begun = false;

  const see = ({ uid, ready, owner }: PodFact): void => {
    if (!known.has(uid)) {
      known.add(uid);
      if (begun && !ready) bornAt.set(uid, now());
      return;
    }
    const born = bornAt.get(uid);
    if (born === undefined || !ready) return;
    bornAt.delete(uid);
    if (owner !== undefined) onStart(owner.uid, now() - born);
  };
  return {
    hear: change => {
      if (change.type === "gone" && change.kind === "pod") {
        known.delete(change.uid);
        bornAt.delete(change.uid);
      }
      if (change.type === "set" && change.object.kind === "pod") see(change.object.fact);
    },
    begin: () => {
      begun = true;
    },
  };
};
