import type { ChangedObject, DaemonSetFact, VolumeFact } from "./facts";
import { versioned, type VersionedMap } from "./versioned";

/** What ties pods to their nodes beside their own spec. */
export interface Ties {
  readonly daemonSets: VersionedMap<string, DaemonSetFact>;
  /** False: a DaemonSet that is not known may exist all the same. */
  readonly daemonSetsListed: boolean;
  /** Volumes whose data lies on one node: their claims by uid, and the other way round. */
  readonly localVolumes: VersionedMap<string, string>;
  readonly localClaims: VersionedMap<string, string>;
}

export const noTies = (): Ties => ({
  daemonSets: versioned(),
  daemonSetsListed: false,
  localVolumes: versioned(),
  localClaims: versioned(),
});

const withoutVolume = (ties: Ties, uid: string): Ties => {
  const claim = ties.localVolumes.get(uid);
  if (claim === undefined) return ties;
  const localVolumes = ties.localVolumes.without(uid);
  const isBearer = ties.localClaims.get(claim) === uid;
  return {
    ...ties,
    localVolumes,
    localClaims: isBearer ? ties.localClaims.without(claim) : ties.localClaims,
  };
};

const withVolume = (before: Ties, { uid, claim, local }: VolumeFact): Ties => {
  const now = local ? claim : undefined;
  if (before.localVolumes.get(uid) === now) return before;
  const ties = withoutVolume(before, uid);
  if (now === undefined) return ties;
  return {
    ...ties,
    localVolumes: ties.localVolumes.with(uid, now),
    localClaims: ties.localClaims.with(now, uid),
  };
};

/** Kinds that tie; all others have tables of their own. */
export type TyingKind = Extract<ChangedObject["kind"], "daemonSet" | "volume">;

type TyingObject = Extract<ChangedObject, { kind: TyingKind }>;

export const tie = (ties: Ties, object: TyingObject): Ties =>
  object.kind === "volume"
    ? withVolume(ties, object.fact)
    : { ...ties, daemonSets: ties.daemonSets.with(object.fact.uid, object.fact) };

export const untie = (ties: Ties, { kind, uid }: { readonly kind: TyingKind; readonly uid: string }): Ties =>
  kind === "volume" ? withoutVolume(ties, uid) : { ...ties, daemonSets: ties.daemonSets.without(uid) };

/** From now on a DaemonSet that is not known does not exist. */
export const listed = (ties: Ties): Ties => ({ ...ties, daemonSetsListed: true });
