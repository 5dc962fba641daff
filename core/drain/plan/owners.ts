import type { OwnerFact, PodFact, WorkloadFact } from "../facts";
import { fullName } from "../world";

/** What would make a pod again, as its owner would name it. */
export interface Owner {
  /** `Kind namespace/name` */
  readonly title: string;
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  /** Absent when its wishes are not read. */
  readonly desired?: number;
  readonly gitOps?: string;
  readonly failsByEviction?: boolean;
}

const READ: Readonly<Record<string, string>> = {
  ReplicaSet: "apps/",
  Deployment: "apps/",
  StatefulSet: "apps/",
  Job: "batch/",
};

const isRead = ({ kind, apiVersion }: OwnerFact): boolean => {
  const group = READ[kind];
  return group !== undefined && apiVersion.startsWith(group);
};

const fromWorkload = (workload: WorkloadFact): Owner => {
  const { namespace, kind, name, desired, gitOps, failsByEviction } = workload;
  return {
    title: `${kind} ${fullName(workload)}`,
    ...{ namespace, kind, name, desired },
    ...(gitOps === undefined ? {} : { gitOps }),
    ...(failsByEviction === undefined ? {} : { failsByEviction }),
  };
};

const bare = (namespace: string, kind: string, name: string): Owner => ({
  title: `${kind} ${namespace}/${name}`,
  ...{ namespace, kind, name },
});

/** Undefined for a pod whose owner should have been read and was not: nothing can be said about it. */
export const ownersOf = (workloads: readonly WorkloadFact[]): ((pod: PodFact) => Owner | undefined) => {
  const facts = new Map(workloads.map(workload => [workload.uid, workload]));
  const byUid = new Map<string, Owner>();
  const resolve = (fact: WorkloadFact): Owner => {
    const parent = fact.owner === undefined ? undefined : facts.get(fact.owner.uid);
    const owner = fromWorkload(parent ?? fact);
    byUid.set(fact.uid, owner);
    return owner;
  };
  return ({ namespace, name, owner }) => {
    if (owner === undefined) return { ...bare(namespace, "Pod", name), desired: 1 };
    const known = byUid.get(owner.uid);
    if (known !== undefined) return known;
    const fact = facts.get(owner.uid);
    if (fact !== undefined) return resolve(fact);
    return isRead(owner) ? undefined : bare(namespace, owner.kind, owner.name);
  };
};
