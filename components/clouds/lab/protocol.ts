import type { ConnectionRecipe } from "../../../core/config/connection";
import type { GateInputs } from "../../gates/protocol";
import type { MachineSpec } from "../contract";

export interface LabControlPlaneInputs extends GateInputs {
  readonly gate: "LabControlPlane";
  readonly cluster: string;
  /** Desired version as written: "1.36" or "1.36.4". */
  readonly version: string;
  readonly stage: "emulated" | "final";
}

export interface LabControlPlaneOutputs extends LabControlPlaneInputs {
  readonly outcome: { readonly binary: string; readonly emulated?: string; readonly kubeconfig: string };
}

export interface LabNodePoolInputs extends GateInputs {
  readonly gate: "LabNodePool";
  readonly connection: ConnectionRecipe;
  readonly cluster: string;
  readonly pool: string;
  readonly generation: string;
  readonly spec: MachineSpec;
}

export type LabNodePoolOutputs = LabNodePoolInputs;
