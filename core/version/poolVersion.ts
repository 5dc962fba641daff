import type { Problem } from "../problem";
import { addMinors, compareMinor, type KubeVersion, minorText } from "./kubeVersion";
import { SKEW_POLICY_URL } from "./skew";

export interface PoolVersion {
  readonly pool: string;
  readonly path: string;
  readonly version: KubeVersion;
  /** What config asks of the control plane. */
  readonly controlPlane: KubeVersion;
  readonly stage: "emulated" | "final";
}

/** The API minor that a control plane serves at a stage: the previous one while it emulates. */
export const servedMinor = (version: KubeVersion, stage: "emulated" | "final"): KubeVersion =>
  addMinors(version, stage === "emulated" ? -1 : 0);

/** A pool may not be newer than the API it talks to; while that is emulated, not of the new minor either. */
export const checkPoolVersion = (wanted: PoolVersion): Problem | undefined => {
  const { pool, path, version, controlPlane, stage } = wanted;
  if (compareMinor(version, controlPlane) > 0) {
    return {
      code: "Pool.NewerThanControlPlane",
      path,
      message: `pool "${pool}" asks for ${minorText(version)} while the control plane is to run ${minorText(controlPlane)}; a kubelet may never be newer`,
      fix: `set it to "${minorText(controlPlane)}" or older, or upgrade the control plane first`,
      source: SKEW_POLICY_URL,
    };
  }
  if (stage === "final" || compareMinor(version, servedMinor(controlPlane, stage)) <= 0) return undefined;
  const served = minorText(servedMinor(controlPlane, stage));
  return {
    code: "Pool.GreenWhileEmulated",
    path,
    message: `pool "${pool}" asks for ${minorText(version)} while cluster.stage is emulated and the API still serves ${served}; a new generation now would close the way back`,
    fix: `leave the pool at "${served}" until cluster.stage: final has had its own \`up\``,
    source: SKEW_POLICY_URL,
  };
};
