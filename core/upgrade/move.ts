import { matchesVersion, minorText, parseKubeVersion } from "../version/kubeVersion";
import type { ControlPlaneState, Stage } from "./controlPlaneChange";

/** A move of the control plane as a gate states it for policies, in the names of a VersionRecord. */
export interface ControlPlaneMove {
  readonly fromVersion: string;
  readonly fromStage: Stage;
  readonly version: string;
  readonly stage: Stage;
  /** Minor that the cloud takes the control plane back to, where this is such a move. */
  readonly backTo?: string;
}

/**
 * The move from where the live control plane stands to where config wants it. Once arrived it stays what it was, or
 * each run would show a change. Without a live control plane the first version comes from itself.
 */
export const stateMove = (
  live: ControlPlaneState | undefined,
  { version, stage }: ControlPlaneState,
  known: ControlPlaneMove | undefined,
): ControlPlaneMove => {
  const there = { fromVersion: version, fromStage: stage, version, stage };
  if (live === undefined) return there;
  const arrived = live.stage === stage && matchesVersion(live.version, version);
  if (!arrived)
    return { ...there, fromVersion: live.version, fromStage: live.stage, ...takenBack(live, version) };
  return known?.version === version && known.stage === stage ? known : there;
};

/** Said only of a move back: on any other it would change from day to day. */
export const takenBack = ({ backTo }: ControlPlaneState, version: string): { readonly backTo?: string } => {
  const wanted = parseKubeVersion(version);
  return backTo !== undefined && wanted.ok && minorText(wanted.value) === backTo ? { backTo } : {};
};
