import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { readJson, writeJson } from "../../../controlplane/files";

export interface OperationRecord {
  readonly name: string;
  /** Whose turn it takes. */
  readonly cluster: string;
  /** As AKS says what goes on: "workers - Creating". */
  readonly what: string;
  status: "InProgress" | "Succeeded" | "Failed";
  error?: { readonly code: string; readonly message: string };
}

/** What the stand-in itself reads of an agent pool; the rest is handed back unread. */
export interface PoolProperties {
  readonly mode?: string;
  readonly count?: number;
  readonly enableAutoScaling?: boolean;
  readonly minCount?: number;
  readonly maxCount?: number;
  readonly orchestratorVersion?: string;
  readonly osSKU?: string;
  readonly vmSize?: string;
  readonly availabilityZones?: readonly string[];
  readonly nodeLabels?: Readonly<Record<string, string>>;
  readonly nodeTaints?: readonly string[];
  readonly creationData?: object;
  readonly [setting: string]: unknown;
}

export interface PoolRecord {
  readonly cluster: string;
  readonly name: string;
  properties: PoolProperties;
  readonly version: string;
  readonly nodeImageVersion: string;
  provisioningState: string;
  /** Why it is Failed. */
  provisioningError?: { readonly code: string; readonly message: string };
  /** Counts changes: the eTag. */
  revision: number;
}

export interface ClusterRecord {
  readonly name: string;
  readonly location: string;
  version: string;
  provisioningState: string;
  /** As they were asked for; handed back unread. */
  settings: Record<string, unknown>;
  properties: Record<string, unknown>;
}

export interface AzureState {
  readonly clusters: Record<string, ClusterRecord>;
  /** By "cluster/pool". */
  readonly pools: Record<string, PoolRecord>;
  readonly operations: Record<string, OperationRecord>;
}

export interface StateFile {
  readonly state: AzureState;
  /** After each change: a stand-in that is started again goes on from here. */
  readonly save: () => void;
}

export const openState = (folder: string): StateFile => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "azure.json");
  const state = readJson<AzureState>(path) ?? { clusters: {}, pools: {}, operations: {} };
  return { state, save: () => writeJson(path, state) };
};
