import { LADDER_ANNOTATION } from "../../../../core/drain/ladder/names";
import { collectionPath, isKubeError, KINDS, objectPath } from "../../../../kube";
import { SIMULATE } from "../../../../lab/simulator/annotations";
import { type Arena, until } from "../arena";
import { putBudget, QUICK } from "./benchPods";

export interface AppWish {
  readonly name: string;
  readonly replicas: number;
  readonly kind?: "deployments" | "statefulSets";
  /** What its owner opts it in to. */
  readonly ladder: string;
  readonly budget: object;
  /** More of its own spec, e.g. its strategy. */
  readonly spec?: object;
  /** More of its pods' spec. */
  readonly pod?: object;
  /** From running to ready. */
  readonly readyDelay?: string;
  readonly marks?: { readonly annotations: object; readonly labels: object };
}

const container = { name: "app", image: "app:1", resources: { requests: { cpu: "10m" } } };

const templateOf = (arena: Arena, { name, pod, readyDelay }: AppWish): object => ({
  metadata: {
    labels: { app: name },
    annotations: { ...QUICK, ...(readyDelay === undefined ? {} : { [SIMULATE.readyDelay]: readyDelay }) },
  },
  spec: {
    nodeSelector: { arena: arena.name },
    terminationGracePeriodSeconds: 2,
    containers: [container],
    ...pod,
  },
});

/** A workload that is opted in to the ladder by its own annotation, with a budget. */
export const putApp = async (arena: Arena, wish: AppWish): Promise<void> => {
  const { name, replicas, kind = "deployments", ladder, budget, spec, marks } = wish;
  await arena.kube.request({
    method: "POST",
    path: collectionPath(KINDS[kind], arena.name),
    body: {
      metadata: {
        ...{ name, ...marks },
        annotations: { ...marks?.annotations, [LADDER_ANNOTATION.ladder]: ladder },
      },
      spec: {
        replicas,
        ...(kind === "statefulSets" ? { serviceName: name } : {}),
        selector: { matchLabels: { app: name } },
        template: templateOf(arena, wish),
        ...spec,
      },
    },
  });
  await putBudget(arena, name, budget);
};

const deploymentPath = ({ name: namespace }: Arena, name: string): string =>
  objectPath(KINDS.deployments, { namespace, name });

export const changeDeployment = (arena: Arena, name: string, body: object): Promise<unknown> =>
  arena.kube.request({ method: "PATCH", path: deploymentPath(arena, name), body });

const SCALED_OBJECTS = { group: "keda.sh", version: "v1alpha1", plural: "scaledobjects" };
const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/** KEDA's own kind, as its installation brings it; nothing of KEDA runs. */
export const installKeda = async ({ kube }: Arena): Promise<void> => {
  const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
  const body = {
    metadata: { name: "scaledobjects.keda.sh" },
    spec: {
      group: "keda.sh",
      scope: "Namespaced",
      names: { plural: "scaledobjects", singular: "scaledobject", kind: "ScaledObject" },
      versions: [{ name: "v1alpha1", served: true, storage: true, schema }],
    },
  };
  await kube.request({ method: "POST", path: DEFINITIONS, body });
  await until("KEDA's kind", async () => {
    try {
      return await kube.request<object>({ method: "GET", path: collectionPath(SCALED_OBJECTS) });
    } catch (error) {
      if (isKubeError(error, "notFound")) return undefined;
      throw error;
    }
  });
};

export const scaledObjectPath = ({ name: namespace }: Arena, name: string): string =>
  objectPath(SCALED_OBJECTS, { namespace, name });

export const autoscalerPath = ({ name: namespace }: Arena, name: string): string =>
  objectPath(KINDS.autoscalers, { namespace, name });

export const putScaledObject = (arena: Arena, name: string): Promise<unknown> =>
  arena.kube.request({
    method: "POST",
    path: collectionPath(SCALED_OBJECTS, arena.name),
    body: {
      apiVersion: "keda.sh/v1alpha1",
      kind: "ScaledObject",
      metadata: { name },
      spec: { scaleTargetRef: { name }, minReplicaCount: 2, maxReplicaCount: 5 },
    },
  });

const CPU = {
  type: "Resource",
  resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } },
};

export const putAutoscaler = (arena: Arena, name: string): Promise<unknown> =>
  arena.kube.request({
    method: "POST",
    path: collectionPath(KINDS.autoscalers, arena.name),
    body: {
      metadata: { name },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
        minReplicas: 2,
        maxReplicas: 5,
        metrics: [CPU],
      },
    },
  });
