import type { GateInputs } from "../protocol";
import type { Transition } from "../transition";

export interface BackupInputs extends GateInputs {
  readonly gate: "Backup";
  readonly cluster: string;
  readonly kind: "etcd" | "none";
  /** Seconds after which a backup no longer protects a pending transition. */
  readonly maxAgeSeconds: number;
  readonly proveRestore: boolean;
  readonly transition: Transition;
}

export interface BackupOutcome {
  readonly state: "proven" | "taken" | "skipped";
  /** Why it is what it is: objects compared, or why nothing was taken. */
  readonly summary: string;
  readonly file: string;
  /** ISO time, empty when nothing was taken. */
  readonly takenAt: string;
}

export interface BackupOutputs extends BackupInputs {
  readonly outcome: BackupOutcome;
}
