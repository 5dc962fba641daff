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
export { SIMULATE } from "./simulator/annotations";
export { proveLabBackup, takeLabBackup } from "./backup";
