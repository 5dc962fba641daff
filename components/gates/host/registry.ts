import type { GateInputs, GateKind } from "../protocol";
import type { GateRuntime } from "./runtime";

type AnyRuntime = GateRuntime<GateInputs, GateInputs>;

/* eslint-disable @typescript-eslint/no-require-imports, @typescript-eslint/consistent-type-imports
   -- loaded when first met; an import() is not seen by tsx in CommonJS */

/** One loader per kind, complete by type; a run loads only the gates it meets. */
const LOADERS = {
  UpgradeGate: () => (require("../upgradeGate/runtime") as typeof import("../upgradeGate/runtime")).runtime,
  Backup: () => (require("../backup/runtime") as typeof import("../backup/runtime")).runtime,
  VersionRecord: () =>
    (require("../versionRecord/runtime") as typeof import("../versionRecord/runtime")).runtime,
  HealthGate: () => (require("../healthGate/runtime") as typeof import("../healthGate/runtime")).runtime,
  AddOnGate: () => (require("../addOnGate/runtime") as typeof import("../addOnGate/runtime")).runtime,
  PlatformGate: () =>
    (require("../platformGate/runtime") as typeof import("../platformGate/runtime")).runtime,
  Interlock: () => (require("../interlock/runtime") as typeof import("../interlock/runtime")).runtime,
  GenerationGate: () =>
    (require("../generationGate/runtime") as typeof import("../generationGate/runtime")).runtime,
  Activation: () => (require("../activation/runtime") as typeof import("../activation/runtime")).runtime,
  Migration: () => (require("../migration/runtime") as typeof import("../migration/runtime")).runtime,
  Validation: () => (require("../validation/runtime") as typeof import("../validation/runtime")).runtime,
  SoakGate: () => (require("../soakGate/runtime") as typeof import("../soakGate/runtime")).runtime,
  Completion: () => (require("../completion/runtime") as typeof import("../completion/runtime")).runtime,
  HandoverGate: () =>
    (require("../handoverGate/runtime") as typeof import("../handoverGate/runtime")).runtime,
  HandoverProof: () =>
    (require("../handoverProof/runtime") as typeof import("../handoverProof/runtime")).runtime,
  LabControlPlane: () =>
    (require("../../clouds/lab/runtime") as typeof import("../../clouds/lab/runtime")).controlPlaneRuntime,
  LabNodePool: () =>
    (require("../../clouds/lab/runtime") as typeof import("../../clouds/lab/runtime")).nodePoolRuntime,
  KubeadmMachines: () =>
    (require("../../clouds/kubeadm/runtime") as typeof import("../../clouds/kubeadm/runtime")).runtime,
  KarpenterMachines: () =>
    (require("../../clouds/eks/karpenter/runtime") as typeof import("../../clouds/eks/karpenter/runtime"))
      .runtime,
  AksBirth: () =>
    (require("../../clouds/aks/runtime") as typeof import("../../clouds/aks/runtime")).birthRuntime,
} satisfies Record<GateKind, () => unknown>;

/** The stored kind decides the type of the stored inputs, which the compiler can't follow through JSON. */
export const runtimeOf = (kind: GateKind): AnyRuntime => LOADERS[kind]() as unknown as AnyRuntime;
