/** Type tokens of the components: API. Renaming one needs an alias and an engine test. */
export const TYPE = {
  cluster: "changeover:index:UpgradableCluster",
  pool: "changeover:index:NodePool",
  generation: "changeover:index:Generation",
  platform: "changeover:index:Platform",
  kubeadmMachines: "changeover:index:KubeadmMachines",
  handover: "changeover:index:ClusterHandover",
  drainRole: "changeover:index:DrainRole",
} as const;
