import {
  isTrue,
  projectConditions,
  projectMeta,
  type Condition,
  type Meta,
  type RawCondition,
  type RawMeta,
} from "./meta";
import { readResources, type RawResources, type Resources } from "./quantity";

/** As the server holds it, unknown fields included: a taint list is written back as a whole. */
export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
  readonly timeAdded?: string;
}

export interface NodeView extends Meta {
  readonly unschedulable: boolean;
  readonly taints: readonly Taint[];
  readonly ready: boolean;
  readonly readySince: string | undefined;
  readonly conditions: readonly Condition[];
  readonly allocatable: Resources;
  readonly kubeletVersion: string;
  readonly providerId: string | undefined;
  readonly zone: string | undefined;
  readonly addresses: readonly { readonly type: string; readonly address: string }[];
}

interface RawNode {
  readonly metadata?: RawMeta;
  readonly spec?: {
    readonly unschedulable?: boolean;
    readonly taints?: readonly Taint[];
    readonly providerID?: string;
  };
  readonly status?: {
    readonly conditions?: readonly RawCondition[];
    readonly allocatable?: RawResources;
    readonly nodeInfo?: { readonly kubeletVersion?: string };
    readonly addresses?: readonly { readonly type: string; readonly address: string }[];
  };
}

type SpecPart = "unschedulable" | "taints" | "providerId";
type StatusPart = "ready" | "readySince" | "conditions" | "allocatable" | "kubeletVersion" | "addresses";

const projectSpec = (spec: NonNullable<RawNode["spec"]>): Pick<NodeView, SpecPart> => ({
  unschedulable: spec.unschedulable === true,
  taints: spec.taints ?? [],
  providerId: spec.providerID,
});

const projectStatus = (status: NonNullable<RawNode["status"]>): Pick<NodeView, StatusPart> => {
  const conditions = projectConditions(status.conditions);
  return {
    conditions,
    ready: isTrue(conditions, "Ready"),
    readySince: conditions.find(condition => condition.type === "Ready")?.since,
    allocatable: readResources(status.allocatable),
    kubeletVersion: status.nodeInfo?.kubeletVersion ?? "",
    addresses: status.addresses ?? [],
  };
};

export const projectNode = (raw: unknown): NodeView => {
  const { metadata, spec = {}, status = {} } = raw as RawNode;
  const meta = projectMeta(metadata);
  return {
    ...meta,
    ...projectSpec(spec),
    ...projectStatus(status),
    zone: meta.labels["topology.kubernetes.io/zone"],
  };
};

/**
 * Whether it is no machine: virtual-kubelet labels its nodes so, and taints them unless told not to
 * (virtual-kubelet/virtual-kubelet, cmd/virtual-kubelet/commands/root/node.go).
 */
export const isVirtual = ({ labels, taints }: Pick<NodeView, "labels" | "taints">): boolean =>
  labels["type"] === "virtual-kubelet" || taints.some(({ key }) => key === "virtual-kubelet.io/provider");
