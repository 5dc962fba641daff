import { LADDER_ANNOTATION } from "../../../core/drain/ladder/names";
import { surgeMarks, type SurgeRecord } from "../../../core/drain/ladder/surgeRecord";
import type { ReadObject } from "../../../core/drain/ladder/target";
import { type Collection, KINDS, type KubeClient, objectPath } from "../../../kube";
import { SCALED_OBJECTS } from "./readTarget";

interface Scalable {
  readonly collection: Collection;
  readonly field: string;
}

const SCALABLE: Readonly<Record<string, Scalable>> = {
  Deployment: { collection: KINDS.deployments, field: "replicas" },
  HorizontalPodAutoscaler: { collection: KINDS.autoscalers, field: "minReplicas" },
  ScaledObject: { collection: SCALED_OBJECTS, field: "minReplicaCount" },
};

const scalable = (kind: string): Scalable => {
  const found = SCALABLE[kind];
  if (found === undefined) throw new Error(`a ${kind} is never scaled`);
  return found;
};

interface Wish {
  readonly annotations: Readonly<Record<string, string | null>>;
  readonly labels?: Readonly<Record<string, string | null>>;
  readonly spec?: object;
}

/** Holds only for the object as it was read: a write of anybody else in between makes it fail with a conflict. */
const patch = async (kube: KubeClient, object: ReadObject, { spec, ...marks }: Wish): Promise<void> => {
  const { uid, resourceVersion } = object;
  await kube.request({
    method: "PATCH",
    path: objectPath(scalable(object.kind).collection, object),
    body: { metadata: { uid, resourceVersion, ...marks }, ...(spec === undefined ? {} : { spec }) },
  });
};

/** Of surge and restart. */
const takenAway = (): Wish => {
  const { annotations, labels } = surgeMarks(null);
  return { labels, annotations: { ...annotations, [LADDER_ANNOTATION.restarted]: null } };
};

/** Number and record in one write; a null number takes the field away, a null record all of ours. */
export const writeSurge = (
  kube: KubeClient,
  object: ReadObject,
  { value, record }: { readonly value: number | null; readonly record: SurgeRecord | null },
): Promise<void> =>
  patch(kube, object, {
    ...(record === null ? takenAway() : surgeMarks(record)),
    spec: { [scalable(object.kind).field]: value },
  });

export const dropRecords = (kube: KubeClient, object: ReadObject): Promise<void> =>
  patch(kube, object, takenAway());

export interface Restart {
  readonly run: string;
  readonly now: number;
}

/** What `kubectl rollout restart` writes, and our record of it, in one write. */
export const writeRestart = async (
  kube: KubeClient,
  object: ReadObject,
  { run, now, annotation }: Restart & { readonly annotation: string },
): Promise<void> =>
  patch(kube, object, {
    annotations: { [LADDER_ANNOTATION.restarted]: JSON.stringify({ run, at: now }) },
    spec: { template: { metadata: { annotations: { [annotation]: new Date(now).toISOString() } } } },
  });
