import { DELETION_COST, FIRST_TO_GO, LADDER_ANNOTATION } from "../../../core/drain/ladder/names";
import type { PodRef } from "../../../core/drain/ladder/situation";
import { isKubeError, type KubeClient, podPath, type PodView, projectPod } from "../../../kube";

const AT_ONCE = 10;

/** One after the other in a few lines; a pod that is gone is nobody's business. */
const eachPod = async (pods: readonly PodRef[], act: (pod: PodRef) => Promise<void>): Promise<void> => {
  for (let start = 0; start < pods.length; start += AT_ONCE)
    await Promise.all(pods.slice(start, start + AT_ONCE).map(act));
};

const readPod = async (kube: KubeClient, pod: PodRef): Promise<PodView | undefined> => {
  try {
    const view = projectPod(await kube.request({ method: "GET", path: podPath(pod) }));
    return view.uid === pod.uid ? view : undefined;
  } catch (error) {
    if (isKubeError(error, "notFound")) return undefined;
    throw error;
  }
};

const unlessGone = async (act: () => Promise<unknown>): Promise<boolean> => {
  try {
    await act();
    return true;
  } catch (error) {
    if (isKubeError(error, "notFound", "conflict")) return false;
    throw error;
  }
};

interface Deletion {
  readonly preconditions: { readonly uid: string; readonly resourceVersion?: string };
  readonly gracePeriodSeconds?: number;
}

const deletePod = (kube: KubeClient, pod: PodRef, deletion: Deletion): Promise<boolean> =>
  unlessGone(() =>
    kube.request({
      method: "DELETE",
      path: podPath(pod),
      body: { apiVersion: "v1", kind: "DeleteOptions", ...deletion },
    }),
  );

/** Deletes exactly this pod past its budget, with a grace of at least a second. False when it was gone already. */
export const forcePod = (kube: KubeClient, pod: PodRef, graceSeconds: number): Promise<boolean> =>
  deletePod(kube, pod, {
    preconditions: { uid: pod.uid },
    gracePeriodSeconds: Math.max(1, Math.ceil(graceSeconds)),
  });

/** A pod that became Ready in the meantime is left alone: the deletion holds only for the state that was looked at. */
const deleteUnready = async (kube: KubeClient, pod: PodRef): Promise<readonly PodRef[]> => {
  const view = await readPod(kube, pod);
  if (view === undefined || view.ready || view.deletionTimestamp !== undefined) return [];
  const { uid, resourceVersion } = view;
  const gracePeriodSeconds = Math.max(1, view.graceSeconds);
  const done = await deletePod(kube, pod, { preconditions: { uid, resourceVersion }, gracePeriodSeconds });
  return done ? [pod] : [];
};

/** The pods that were still not Ready and are deleted now. */
export const deleteUnreadyPods = async (
  kube: KubeClient,
  pods: readonly PodRef[],
): Promise<readonly PodRef[]> => {
  const done: PodRef[] = [];
  await eachPod(pods, async pod => void done.push(...(await deleteUnready(kube, pod))));
  return done;
};

const annotate = async (
  kube: KubeClient,
  pod: PodRef,
  change: (view: PodView) => Readonly<Record<string, string | null>> | undefined,
): Promise<void> => {
  const view = await readPod(kube, pod);
  const annotations = view === undefined ? undefined : change(view);
  if (view === undefined || annotations === undefined) return;
  const { uid, resourceVersion } = view;
  const body = { metadata: { uid, resourceVersion, annotations } };
  await unlessGone(() => kube.request({ method: "PATCH", path: podPath(pod), body }));
};

const marks = ({ annotations }: PodView): Readonly<Record<string, string>> | undefined =>
  LADDER_ANNOTATION.priorCost in annotations
    ? undefined
    : {
        [LADDER_ANNOTATION.priorCost]: annotations[DELETION_COST] ?? "",
        [DELETION_COST]: FIRST_TO_GO,
      };

const restores = ({ annotations }: PodView): Readonly<Record<string, string | null>> | undefined => {
  const prior = annotations[LADDER_ANNOTATION.priorCost];
  if (prior === undefined) return undefined;
  const ours = annotations[DELETION_COST] === FIRST_TO_GO;
  return {
    [LADDER_ANNOTATION.priorCost]: null,
    ...(ours ? { [DELETION_COST]: prior === "" ? null : prior } : {}),
  };
};

/** Makes these pods the first that their ReplicaSet lets go of, and notes what was before. */
export const markPods = (kube: KubeClient, pods: readonly PodRef[]): Promise<void> =>
  eachPod(pods, pod => annotate(kube, pod, marks));

/** Their own deletion cost again; one that somebody else wrote after us stays. */
export const unmarkPods = (kube: KubeClient, pods: readonly PodRef[]): Promise<void> =>
  eachPod(pods, pod => annotate(kube, pod, restores));
