import type { GateInputs } from "../protocol";

/** Depends on the control plane, so its old inputs are the version that was reached, not the one asked for. */
export interface VersionRecordInputs extends GateInputs {
  readonly gate: "VersionRecord";
  readonly cluster: string;
  readonly version: string;
  readonly stage: "emulated" | "final";
  readonly kubeletMayTrail: number;
  readonly pools: readonly { readonly name: string; readonly version: string }[];
  /** Days for which the cloud takes an upgrade back; said only where it does. */
  readonly backWithinDays?: number;
  /** For how long the cloud shall keep the way back open; said only while emulated, and where that is its own to do. */
  readonly soakSeconds?: number;
  /** Injected by check(): the minor the cloud takes the control plane back to, where this is such a move. */
  readonly backTo?: string;
  /** Injected by check(): the version this record held before. Policies read it. */
  readonly fromVersion?: string;
  /** Injected by check(): the stage this record held before. */
  readonly fromStage?: "emulated" | "final";
  /** Injected by check(): the cluster this stack is bound to. In a new one this gate's check is the first that sees it. */
  readonly clusterUid?: string;
}

export interface VersionRecordOutputs extends VersionRecordInputs {
  readonly outcome: {
    /** UID of the namespace kube-system: the cluster this stack is bound to. */
    readonly uid: string;
    readonly binary: string;
    readonly serves: string;
    /** When its cloud completes an emulating one by itself (ISO time), where it says so. */
    readonly backUntil?: string;
  };
}
