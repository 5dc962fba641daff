/** The slim, typed views of what the product reads; each is projected from the server's JSON by a pure function. */
export { projectAttachment, type AttachmentView } from "./attachmentView";
export { projectBudget, type BudgetView } from "./budgetView";
export type { Condition, Meta, NamespacedMeta, OwnerRef } from "./meta";
export { isVirtual, projectNode, type NodeView, type Taint } from "./nodeView";
export {
  projectPod,
  type HostPort,
  type PodPhase,
  type PodView,
  type PodVolumes,
  type Toleration,
} from "./podView";
export type { Resources } from "./quantity";
export { projectQuota, projectQuotaUse, type QuotaUseView, type QuotaView } from "./quotaView";
export { projectService, type ServiceView } from "./serviceView";
export { projectCsiNode, projectVolume, type CsiNodeView, type VolumeView } from "./volumeViews";
export { projectWorkload, type WorkloadKind, type WorkloadView } from "./workloadView";
