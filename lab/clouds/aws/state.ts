import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { readJson, writeJson } from "../../../controlplane/files";

export interface UpdateRecord {
  readonly id: string;
  readonly type: string;
  readonly createdAt: number;
  status: "InProgress" | "Successful" | "Failed";
  errors: { readonly errorCode: string; readonly errorMessage: string }[];
}

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

/** A managed node group and, in one, the Auto Scaling group behind it. */
export interface GroupRecord {
  readonly cluster: string;
  readonly name: string;
  readonly version: string;
  readonly releaseVersion: string;
  readonly amiType: string;
  readonly instanceType: string;
  readonly nodeRole: string;
  readonly subnets: readonly string[];
  readonly capacityType?: string;
  readonly diskSize?: number;
  readonly launchTemplate?: { readonly id?: string; readonly version?: string };
  readonly createdAt: number;
  status: string;
  labels: Record<string, string>;
  taints: Taint[];
  tags: Record<string, string>;
  updateConfig: Record<string, number>;
  scaling: { minSize: number; maxSize: number; desiredSize: number };
  suspended: string[];
  scalingTags: Record<string, string>;
  issues: { readonly code: string; readonly message: string }[];
  updates: UpdateRecord[];
}

/** An EKS add-on. Its software is objects in the lab. */
export interface AddOnRecord {
  readonly cluster: string;
  readonly name: string;
  readonly createdAt: number;
  version: string;
  /** As it was asked for; handed back unread. */
  settings: { serviceAccountRoleArn?: string; configurationValues?: string };
  status: string;
  tags: Record<string, string>;
  issues: { readonly code: string; readonly message: string }[];
  updates: UpdateRecord[];
}

/** Who gets into a cluster's API by EKS's own means. */
export interface EntryRecord {
  readonly cluster: string;
  readonly principal: string;
  readonly type: string;
  readonly createdAt: number;
  tags: Record<string, string>;
  /** Policy → where it holds. */
  policies: Record<string, { readonly type: string; readonly namespaces?: readonly string[] }>;
}

export interface ClusterRecord {
  readonly name: string;
  readonly roleArn: string;
  readonly createdAt: number;
  readonly subnets: readonly string[];
  /** Who made it, as a role or user. Absent in what an older stand-in kept: its API then lets everybody in. */
  readonly maker?: string;
  version: string;
  /** The upgrade that could be taken back: where from, and when it ended (seconds since 1970). */
  upgraded?: { readonly from: string; readonly endedAt: number };
  status: string;
  /** As they were asked for; handed back unread. */
  settings: Record<string, unknown>;
  tags: Record<string, string>;
  updates: UpdateRecord[];
}

export interface AwsState {
  readonly clusters: Record<string, ClusterRecord>;
  /** By "cluster/group". */
  readonly groups: Record<string, GroupRecord>;
  /** By "cluster/add-on". */
  readonly addOns: Record<string, AddOnRecord>;
  /** By "cluster/principal". */
  readonly entries: Record<string, EntryRecord>;
}

export interface StateFile {
  readonly state: AwsState;
  /** After each change: a stand-in that is started again goes on from here. */
  readonly save: () => void;
}

export const openState = (folder: string): StateFile => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "aws.json");
  const state = { clusters: {}, groups: {}, addOns: {}, entries: {}, ...readJson<AwsState>(path) };
  return { state, save: () => writeJson(path, state) };
};
