import type { Problem } from "../../core/problem";
import { type KubeClient, listAll } from "../../kube";
import type { Ports } from "../ports";
import { waitFor } from "../wait";

/** A Deployment or StatefulSet: how many pods it wants, how many serve. */
export interface WorkloadHealth {
  readonly kind: "Deployment" | "StatefulSet";
  readonly namespace: string;
  readonly name: string;
  readonly desired: number;
  readonly available: number;
}

interface RawWorkload {
  readonly metadata: { readonly namespace: string; readonly name: string };
  readonly spec: { readonly replicas?: number };
  readonly status?: { readonly availableReplicas?: number };
}

const PATHS = { Deployment: "/apis/apps/v1/deployments", StatefulSet: "/apis/apps/v1/statefulsets" } as const;

export const observeWorkloads = async (kube: KubeClient, signal: AbortSignal): Promise<WorkloadHealth[]> => {
  const lists = Object.entries(PATHS).map(async ([kind, path]) => {
    const { items } = await listAll<RawWorkload>(kube, path, { signal });
    return items.map(raw => readWorkload(kind as WorkloadHealth["kind"], raw));
  });
  return (await Promise.all(lists)).flat();
};

const readWorkload = (kind: WorkloadHealth["kind"], raw: RawWorkload): WorkloadHealth => ({
  kind,
  namespace: raw.metadata.namespace,
  name: raw.metadata.name,
  desired: raw.spec.replicas ?? 1,
  available: raw.status?.availableReplicas ?? 0,
});

/** Workloads that serve fewer pods than they want, as sorted words. */
export const describeShort = (workloads: readonly WorkloadHealth[]): string[] =>
  workloads
    .filter(({ available, desired }) => available < desired)
    .map(
      ({ kind, namespace, name, ...count }) =>
        `${kind} ${namespace}/${name} ${String(count.available)}/${String(count.desired)}`,
    )
    .sort();

/** Waits until every workload has all its replicas available. */
export const awaitWorkloads = async (
  ports: Ports,
  wanted: { readonly seconds: number; readonly path: string },
  signal: AbortSignal,
): Promise<void> => {
  await waitFor<true>(() => lookForShort(ports.kube, signal), {
    now: ports.now,
    log: ports.log,
    signal,
    deadlineSeconds: wanted.seconds,
    problem: missing => unavailable(wanted.path, missing),
  });
};

const lookForShort = async (
  kube: KubeClient,
  signal: AbortSignal,
): Promise<{ done: true } | { missing: string }> => {
  const short = describeShort(await observeWorkloads(kube, signal));
  if (short.length === 0) return { done: true };
  const more = short.length > 3 ? ` and ${String(short.length - 3)} more` : "";
  return { missing: `available replicas: ${short.slice(0, 3).join(", ")}${more}` };
};

const unavailable = (path: string, missing: string): Problem => ({
  code: "Validation.WorkloadsUnavailable",
  path,
  message: `still waiting for ${missing}`,
  fix: "look at the pods of these workloads; then run `pulumi up` again, or set a pool's version back",
});
