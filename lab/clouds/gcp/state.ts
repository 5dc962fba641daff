import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { readJson, writeJson } from "../../../controlplane/files";

export interface OperationRecord {
  readonly name: string;
  readonly operationType: string;
  /** Whose turn it takes; absent = one of Compute Engine. */
  readonly cluster?: string;
  status: "RUNNING" | "DONE";
  error?: { readonly code: number; readonly message: string };
}

export interface NodeTaint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

export interface NodeConfig {
  readonly machineType?: string;
  readonly labels?: Readonly<Record<string, string>>;
  taints?: readonly NodeTaint[];
  readonly [setting: string]: unknown;
}

export interface Autoscaling {
  readonly enabled?: boolean;
  /** In each zone; where the totals are absent. */
  readonly minNodeCount?: number;
  readonly maxNodeCount?: number;
  readonly totalMinNodeCount?: number;
  readonly totalMaxNodeCount?: number;
  readonly locationPolicy?: string;
}

/** A node pool and, in one, the managed instance groups behind it. */
export interface PoolRecord {
  readonly cluster: string;
  readonly name: string;
  readonly version: string;
  readonly locations: readonly string[];
  readonly initialNodeCount: number;
  /** Target size of each zone's group. */
  sizes: Record<string, number>;
  status: string;
  statusMessage: string;
  /** Why it is in that status; absent = nothing to say. */
  conditions?: readonly {
    readonly code: string;
    readonly canonicalCode: string;
    readonly message: string;
  }[];
  autoscaling: Autoscaling;
  management: { readonly autoRepair?: boolean; readonly autoUpgrade?: boolean };
  config: NodeConfig;
}

/** The first of two steps has been taken, the second not. */
export interface Soaking {
  /** The minor that is still served. */
  readonly minor: string;
  /** What ran before, and can again. */
  readonly previous: string;
  readonly soak: string;
  /** ISO time at which GKE takes the second step by itself. */
  until: string;
}

export interface ClusterRecord {
  readonly name: string;
  version: string;
  /** Absent = the control plane serves its own minor. */
  soaking?: Soaking;
  status: string;
  /** As they were asked for; handed back unread. */
  settings: Record<string, unknown>;
}

export interface GcpState {
  readonly clusters: Record<string, ClusterRecord>;
  /** By "cluster/pool". */
  readonly pools: Record<string, PoolRecord>;
  readonly operations: Record<string, OperationRecord>;
}

export interface StateFile {
  readonly state: GcpState;
  /** After each change: a stand-in that is started again goes on from here. */
  readonly save: () => void;
}

export const openState = (folder: string): StateFile => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "gcp.json");
  const state = readJson<GcpState>(path) ?? { clusters: {}, pools: {}, operations: {} };
  return { state, save: () => writeJson(path, state) };
};
