export {
  destroyLab,
  ensureLab,
  labKubeconfig,
  labStatus,
  listLabs,
  type LabSpec,
  type LabStatus,
} from "./lab";
export { labDir, planeDir } from "./home";
export * from "./nodes";
export { SIMULATE, SIMULATED } from "./simulator/annotations";
export { proveLabBackup, takeLabBackup, type LabBackup } from "./backup";
