/** The way to the API server: connection, caches, and the few writes the product makes. */
export { listBudgets } from "./budgets";
export type { CallRecord, KubeCall, KubeClient, KubeQuery, PatchKind, WatchCall, WatchEvent } from "./client";
export { retrySwap } from "./compareAndSwap";
export {
  readConfigMap,
  updateConfigMap,
  writeConfigMap,
  type ConfigMapData,
  type ConfigMapRecord,
} from "./configMaps";
export { evictPod, type EvictionTarget } from "./evict";
export type { KubeSource } from "./kubeconfigFile";
export { isKubeError, KubeError, type KubeErrorKind } from "./kubeError";
export { readLease, type LeaseClaim, type LeaseRecord } from "./lease";
export { acquireLease, type LeaseKeeper, type LeaseOutcome } from "./leaseKeeper";
export { listAll, listProjected, type Listing } from "./list";
export { ensureNamespace } from "./namespaces";
export { listNodes, patchNode, readProviderId, type NodeChange } from "./nodes";
export * from "./objects";
export * from "./paths";
export { startReflector, type Reflector, type ReflectorSpec } from "./reflector";
export { likeSiblings } from "./siblings";
export type { Change, Identified, IndexKeys } from "./store";
export { openKube, type KubeOptions } from "./transport";
export { clusterUid, isReadyz, readVersion, type ServerVersion } from "./version";
