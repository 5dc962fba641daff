import type { ConnectionRecipe } from "../../core/config/connection";

/** Every resource whose life is run by a shell. The word is folder, type token, log field and problem area. */
export const GATE_KINDS = [
  "UpgradeGate",
  "Backup",
  "VersionRecord",
  "HealthGate",
  "AddOnGate",
  "PlatformGate",
  "Interlock",
  "GenerationGate",
  "Activation",
  "Migration",
  "Validation",
  "SoakGate",
  "Completion",
  "HandoverGate",
  "HandoverProof",
  "LabControlPlane",
  "LabNodePool",
  "KubeadmMachines",
  "AksBirth",
  "KarpenterMachines",
] as const;
export type GateKind = (typeof GATE_KINDS)[number];

/** What each stored resource carries, whatever its kind. Old protocol numbers stay readable for ever. */
export interface GateInputs {
  readonly gate: GateKind;
  readonly protocol: 1;
  /** How to reach the cluster, resolved with fresh credentials on each call: never a token. */
  readonly connection: ConnectionRecipe;
  /** The resource's own name in the engine, so that progress shows on its row. Never a reason for a step. */
  readonly urn?: string;
}

/** Inputs as a program states them; the rest is added by the resource class. */
export type Stated<I extends GateInputs> = Omit<I, "gate" | "protocol" | "urn">;
