import { setTimeout as delay } from "node:timers/promises";
import type { KubeClient } from "../../../kube";
import { SHOP_MANIFESTS } from "./manifests";
import type { Manifest } from "./pieces";

const PLURALS: Readonly<Record<string, string>> = {
  Namespace: "namespaces",
  Service: "services",
  Deployment: "deployments",
  StatefulSet: "statefulsets",
  DaemonSet: "daemonsets",
  Job: "jobs",
  CronJob: "cronjobs",
  PodDisruptionBudget: "poddisruptionbudgets",
  HorizontalPodAutoscaler: "horizontalpodautoscalers",
};

export const pathOf = ({ apiVersion, kind, metadata }: Manifest): string => {
  const plural = PLURALS[kind];
  if (plural === undefined) throw new Error(`no path is known for the kind ${kind}`);
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = metadata.namespace === undefined ? "" : `/namespaces/${metadata.namespace}`;
  return `${group}${scope}/${plural}/${metadata.name}`;
};

interface Counted {
  readonly spec: { readonly replicas?: number };
  readonly status?: {
    readonly readyReplicas?: number;
    readonly numberReady?: number;
    readonly desiredNumberScheduled?: number;
    readonly active?: number;
  };
}

const WANTED: Readonly<Record<string, (object: Counted) => readonly [ready: number, wanted: number]>> = {
  Deployment: ({ spec, status }) => [status?.readyReplicas ?? 0, spec.replicas ?? 1],
  StatefulSet: ({ spec, status }) => [status?.readyReplicas ?? 0, spec.replicas ?? 1],
  DaemonSet: ({ status }) => [status?.numberReady ?? 0, Math.max(1, status?.desiredNumberScheduled ?? 1)],
  Job: ({ status }) => [status?.active ?? 0, 1],
};

export interface ShopOptions {
  readonly signal: AbortSignal;
  readonly progress: (line: string) => void;
  /** What is in it; the whole shop when absent. */
  readonly manifests?: readonly Manifest[];
}

const READY_MS = 90_000;
const LOOK_EVERY_MS = 300;

interface Inside {
  readonly manifests: readonly Manifest[];
  readonly signal: AbortSignal;
}

/** Server-side apply, in the order that the list is in: a namespace before what is in it. */
const applyShop = async (kube: KubeClient, { manifests, signal }: Inside): Promise<void> => {
  for (const body of manifests) {
    const query = { fieldManager: "changeover-demo", force: true };
    await kube.request({
      method: "PATCH",
      path: pathOf(body),
      patch: "apply",
      body,
      query,
      signal,
      repeatable: true,
    });
  }
};

interface Readiness {
  readonly ready: number;
  readonly wanted: number;
  readonly missing: readonly string[];
}

const readShop = async (kube: KubeClient, { manifests, signal }: Inside): Promise<Readiness> => {
  const counted = manifests.flatMap(manifest => {
    const count = WANTED[manifest.kind];
    return count === undefined ? [] : [{ manifest, count }];
  });
  const counts = await Promise.all(
    counted.map(async ({ manifest, count }) => {
      const [ready, wanted] = count(
        await kube.request<Counted>({ method: "GET", path: pathOf(manifest), signal }),
      );
      return { ready, wanted, text: `${manifest.metadata.name} ${ready}/${wanted}` };
    }),
  );
  return {
    ready: counts.reduce((sum, one) => sum + Math.min(one.ready, one.wanted), 0),
    wanted: counts.reduce((sum, one) => sum + one.wanted, 0),
    missing: counts.filter(one => one.ready < one.wanted).map(one => one.text),
  };
};

/** Applies the shop and waits until all of it is ready. @throws after a deadline, naming what is not. */
export const openShop = async (kube: KubeClient, options: ShopOptions): Promise<number> => {
  const { signal, progress, manifests = SHOP_MANIFESTS } = options;
  const deadline = Date.now() + READY_MS;
  await applyShop(kube, { manifests, signal });
  for (;;) {
    const { ready, wanted, missing } = await readShop(kube, { manifests, signal });
    if (missing.length === 0) return ready;
    if (Date.now() > deadline)
      throw new Error(`the shop did not become ready in time: ${missing.join(", ")}`);
    progress(`${ready}/${wanted} pods ready`);
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
};
