import type { Identified } from "./store";

export interface RawOwner {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly uid?: string;
  readonly controller?: boolean;
}

export interface RawMeta {
  readonly uid?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly deletionGracePeriodSeconds?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly RawOwner[];
  readonly managedFields?: readonly { readonly manager?: string }[];
}

export interface RawCondition {
  readonly type?: string;
  readonly status?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTransitionTime?: string;
}

/** The controller of an object: the one owner that would make it again. */
export interface OwnerRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly since: string | undefined;
}

/** What every cached object tells. Times are the server's own RFC 3339 texts. */
export interface Meta extends Identified {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly createdAt: string | undefined;
  readonly deletionTimestamp: string | undefined;
}

export interface NamespacedMeta extends Meta {
  readonly namespace: string;
}

const metaOf = (raw: RawMeta): Meta => ({
  uid: raw.uid ?? "",
  name: raw.name ?? "",
  resourceVersion: raw.resourceVersion ?? "",
  labels: raw.labels ?? {},
  annotations: raw.annotations ?? {},
  createdAt: raw.creationTimestamp,
  deletionTimestamp: raw.deletionTimestamp,
});

export const projectMeta = (raw: RawMeta | undefined): Meta => metaOf(raw ?? {});

export const projectNamespacedMeta = (raw: RawMeta | undefined): NamespacedMeta => ({
  ...projectMeta(raw),
  namespace: raw?.namespace ?? "",
});

const describeOwner = (raw: RawOwner): OwnerRef => ({
  apiVersion: raw.apiVersion ?? "",
  kind: raw.kind ?? "",
  name: raw.name ?? "",
  uid: raw.uid ?? "",
});

export const controllerOf = (raw: RawMeta | undefined): OwnerRef | undefined => {
  const owner = raw?.ownerReferences?.find(reference => reference.controller === true);
  return owner === undefined ? undefined : describeOwner(owner);
};

const projectCondition = (raw: RawCondition): Condition => ({
  type: raw.type ?? "",
  status: raw.status ?? "Unknown",
  reason: raw.reason ?? "",
  message: raw.message ?? "",
  since: raw.lastTransitionTime,
});

export const projectConditions = (raw: readonly RawCondition[] | undefined): readonly Condition[] =>
  (raw ?? []).map(projectCondition);

export const isTrue = (conditions: readonly Condition[], type: string): boolean =>
  conditions.some(condition => condition.type === type && condition.status === "True");
