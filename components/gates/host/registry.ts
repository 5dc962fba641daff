import type { GateInputs, GateKind } from "../protocol";
import type { GateRuntime } from "./runtime";

type AnyRuntime = GateRuntime<GateInputs, GateInputs>;

/** One loader per kind, complete by type; a run loads only the gates it meets. */
const LOADERS = {
  UpgradeGate: async () => (await import("../upgradeGate/runtime.js")).runtime,
  Backup: async () => (await import("../backup/runtime.js")).runtime,
  VersionRecord: async () => (await import("../versionRecord/runtime.js")).runtime,
  HealthGate: async () => (await import("../healthGate/runtime.js")).runtime,
  Interlock: async () => (await import("../interlock/runtime.js")).runtime,
  GenerationGate: async () => (await import("../generationGate/runtime.js")).runtime,
  Activation: async () => (await import("../activation/runtime.js")).runtime,
  Migration: async () => (await import("../migration/runtime.js")).runtime,
  Validation: async () => (await import("../validation/runtime.js")).runtime,
  SoakGate: async () => (await import("../soakGate/runtime.js")).runtime,
  Completion: async () => (await import("../completion/runtime.js")).runtime,
  LabControlPlane: async () => (await import("../../clouds/lab/runtime.js")).controlPlaneRuntime,
  LabNodePool: async () => (await import("../../clouds/lab/runtime.js")).nodePoolRuntime,
} satisfies Record<GateKind, () => Promise<unknown>>;

/** The stored kind decides the type of the stored inputs, which the compiler can't follow through JSON. */
export const runtimeOf = async (kind: GateKind): Promise<AnyRuntime> =>
  (await LOADERS[kind]()) as unknown as AnyRuntime;
