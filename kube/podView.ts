import {
  controllerOf,
  projectNamespacedMeta,
  type NamespacedMeta,
  type OwnerRef,
  type RawCondition,
  type RawMeta,
} from "./meta";
import { isPreempted, type RawContainerStatus, troubleOf } from "./podTrouble";
import { sumRequests, type RawContainer, type RawRequests } from "./podRequests";
import type { Resources } from "./quantity";

export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number;
}

export interface HostPort {
  readonly port: number;
  readonly protocol: string;
  readonly ip: string;
}

/** The volumes that decide whether and where a pod can move. */
export interface PodVolumes {
  readonly emptyDir: boolean;
  /** An emptyDir in memory: its content counts as memory of the pod. */
  readonly emptyDirMemory: boolean;
  readonly hostPath: boolean;
  /** Names of the volumes whose content lies on the node's disk: emptyDir (not in memory) and hostPath. */
  readonly local: readonly string[];
  /** Names of persistent volume claims, those of generic ephemeral volumes included. */
  readonly claims: readonly string[];
}

export type PodPhase = "Pending" | "Running" | "Succeeded" | "Failed" | "Unknown";

export interface PodView extends NamespacedMeta {
  /** Absent while the pod is not scheduled. */
  readonly node: string | undefined;
  readonly phase: PodPhase;
  readonly ready: boolean;
  /** Since when it is ready, or not. */
  readonly readySince: string | undefined;
  /** The scheduler said that no node fits. */
  readonly unschedulable: string | undefined;
  /** Why a container does not run, e.g. CrashLoopBackOff. */
  readonly trouble: string | undefined;
  /** It makes room for a pod of higher priority. */
  readonly preempted: boolean;
  readonly deletionGracePeriodSeconds: number | undefined;
  readonly graceSeconds: number;
  readonly owner: OwnerRef | undefined;
  readonly priority: number;
  readonly priorityClassName: string | undefined;
  readonly preemptionPolicy: string | undefined;
  readonly tolerations: readonly Toleration[];
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly affinity: unknown;
  readonly topologySpread: readonly unknown[];
  readonly requests: Resources;
  /** A static pod of the kubelet; nobody but the kubelet can remove it. */
  readonly mirror: boolean;
  readonly volumes: PodVolumes;
  readonly hostPorts: readonly HostPort[];
  readonly hostNetwork: boolean;
  readonly readinessGates: readonly string[];
  readonly hasPreStop: boolean;
  /** The longest sleep among its preStop hooks; hooks that run something count as none. */
  readonly preStopSeconds: number;
  /** True when it asks for devices by dynamic resource claims. */
  readonly devices: boolean;
  readonly schedulerName: string;
  readonly startTime: string | undefined;
}

interface RawVolume {
  readonly name?: string;
  readonly emptyDir?: { readonly medium?: string } | null;
  readonly hostPath?: unknown;
  readonly persistentVolumeClaim?: { readonly claimName?: string };
  readonly ephemeral?: unknown;
}

interface RawPodSpec extends RawRequests {
  readonly nodeName?: string;
  readonly terminationGracePeriodSeconds?: number;
  readonly priority?: number;
  readonly priorityClassName?: string;
  readonly preemptionPolicy?: string;
  readonly tolerations?: readonly Toleration[];
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly affinity?: unknown;
  readonly topologySpreadConstraints?: readonly unknown[];
  readonly volumes?: readonly RawVolume[];
  readonly hostNetwork?: boolean;
  readonly readinessGates?: readonly { readonly conditionType?: string }[];
  readonly schedulerName?: string;
  readonly resourceClaims?: readonly unknown[];
}

interface RawPodStatus {
  readonly phase?: PodPhase;
  readonly startTime?: string;
  readonly conditions?: readonly RawCondition[];
  readonly containerStatuses?: readonly RawContainerStatus[];
  readonly initContainerStatuses?: readonly RawContainerStatus[];
}

interface RawPod {
  readonly metadata?: RawMeta;
  readonly spec?: RawPodSpec;
  readonly status?: RawPodStatus;
}

const MIRROR = "kubernetes.io/config.mirror";
const DEFAULT_GRACE_SECONDS = 30;

const claimOf = (pod: string, volume: RawVolume): readonly string[] => {
  const named = volume.persistentVolumeClaim?.claimName;
  if (named !== undefined) return [named];
  // A generic ephemeral volume gets a claim named after pod and volume.
  return volume.ephemeral === undefined ? [] : [`${pod}-${volume.name ?? ""}`];
};

const isLocal = ({ emptyDir, hostPath }: RawVolume): boolean =>
  Boolean(hostPath) || (Boolean(emptyDir) && emptyDir?.medium !== "Memory");

const projectVolumes = (pod: string, volumes: readonly RawVolume[]): PodVolumes => ({
  emptyDir: volumes.some(volume => Boolean(volume.emptyDir)),
  emptyDirMemory: volumes.some(volume => volume.emptyDir?.medium === "Memory"),
  hostPath: volumes.some(volume => Boolean(volume.hostPath)),
  local: volumes.filter(isLocal).map(({ name }) => name ?? ""),
  claims: volumes.flatMap(volume => claimOf(pod, volume)),
});

const hostPortsOf = (containers: readonly RawContainer[]): readonly HostPort[] =>
  containers
    .flatMap(container => container.ports ?? [])
    .flatMap(({ hostPort = 0, protocol = "TCP", hostIP = "0.0.0.0" }) =>
      hostPort === 0 ? [] : [{ port: hostPort, protocol, ip: hostIP }],
    );

type PlacementPart =
  | "nodeSelector"
  | "tolerations"
  | "affinity"
  | "topologySpread"
  | "hostNetwork"
  | "schedulerName"
  | "devices";

const projectPlacement = (spec: RawPodSpec): Pick<PodView, PlacementPart> => ({
  nodeSelector: spec.nodeSelector ?? {},
  tolerations: spec.tolerations ?? [],
  affinity: spec.affinity,
  topologySpread: spec.topologySpreadConstraints ?? [],
  hostNetwork: spec.hostNetwork === true,
  devices: (spec.resourceClaims ?? []).length > 0,
  schedulerName: spec.schedulerName ?? "default-scheduler",
});

type EndPart =
  | "node"
  | "graceSeconds"
  | "priority"
  | "priorityClassName"
  | "preemptionPolicy"
  | "readinessGates"
  | "hasPreStop"
  | "preStopSeconds";

const preStopSeconds = (containers: readonly RawContainer[]): number =>
  containers.reduce((most, { lifecycle }) => Math.max(most, lifecycle?.preStop?.sleep?.seconds ?? 0), 0);

const projectRun = (spec: RawPodSpec): Pick<PodView, EndPart> => ({
  node: spec.nodeName || undefined,
  graceSeconds: spec.terminationGracePeriodSeconds ?? DEFAULT_GRACE_SECONDS,
  priority: spec.priority ?? 0,
  priorityClassName: spec.priorityClassName,
  preemptionPolicy: spec.preemptionPolicy,
  readinessGates: (spec.readinessGates ?? []).map(gate => gate.conditionType ?? ""),
  hasPreStop: (spec.containers ?? []).some(container => container.lifecycle?.preStop !== undefined),
  preStopSeconds: preStopSeconds(spec.containers ?? []),
});

type StatusPart = "phase" | "ready" | "readySince" | "unschedulable" | "trouble" | "preempted" | "startTime";

const projectStatus = (status: RawPodStatus): Pick<PodView, StatusPart> => {
  const ready = status.conditions?.find(condition => condition.type === "Ready");
  const refused = status.conditions?.find(condition => condition.reason === "Unschedulable");
  return {
    phase: status.phase ?? "Unknown",
    ready: ready?.status === "True",
    readySince: ready?.lastTransitionTime,
    unschedulable: refused === undefined ? undefined : (refused.message ?? "no node fits"),
    trouble: troubleOf(status),
    preempted: isPreempted(status),
    startTime: status.startTime,
  };
};

/** What drain decisions need of a pod: a tenth of its size. */
export const projectPod = (raw: unknown): PodView => {
  const { metadata, spec = {}, status = {} } = raw as RawPod;
  const meta = projectNamespacedMeta(metadata);
  return {
    ...meta,
    ...projectRun(spec),
    ...projectPlacement(spec),
    ...projectStatus(status),
    deletionGracePeriodSeconds: metadata?.deletionGracePeriodSeconds,
    owner: controllerOf(metadata),
    requests: sumRequests(spec),
    mirror: MIRROR in meta.annotations,
    volumes: projectVolumes(meta.name, spec.volumes ?? []),
    hostPorts: hostPortsOf([...(spec.containers ?? []), ...(spec.initContainers ?? [])]),
  };
};
