import { matchesLabels } from "../../../core/drain/labels";
import { LADDER_ANNOTATION } from "../../../core/drain/ladder/names";
import { bearsSurge, planRevert, type Revert } from "../../../core/drain/ladder/surgeRecord";
import type { Holder } from "../../../core/drain/ladder/target";
import {
  type Collection,
  collectionPath,
  isKubeError,
  KINDS,
  type KubeClient,
  listProjected,
  objectPath,
  type PodView,
  projectPod,
  projectWorkload,
  type WorkloadView,
} from "../../../kube";
import { retrySwap } from "../../../kube/compareAndSwap";
import { dropRecords, writeSurge } from "./patchHolder";
import { unmarkPods } from "./pods";
import { SCALED_OBJECTS, scalerOf } from "./readTarget";

export type HolderRef = Pick<Holder, "kind" | "namespace" | "name">;

interface Held {
  readonly holder: Holder;
  /** Only a Deployment has pods of its own. */
  readonly view?: WorkloadView;
}

export const deploymentHolder = (view: WorkloadView): Holder => {
  const { namespace, name, uid, resourceVersion, annotations, labels, desired } = view;
  return { kind: "Deployment", namespace, name, uid, resourceVersion, annotations, labels, value: desired };
};

export const scalerHolder = (kind: "HorizontalPodAutoscaler" | "ScaledObject", raw: unknown): Holder => {
  const { minimum, ...rest } = scalerOf(kind)(raw as Parameters<ReturnType<typeof scalerOf>>[0]);
  return minimum === undefined ? rest : { ...rest, value: minimum };
};

const readHeld = async (kube: KubeClient, ref: HolderRef): Promise<Held> => {
  const get = (collection: Collection): Promise<unknown> =>
    kube.request({ method: "GET", path: objectPath(collection, ref) });
  if (ref.kind === "HorizontalPodAutoscaler" || ref.kind === "ScaledObject")
    return {
      holder: scalerHolder(
        ref.kind,
        await get(ref.kind === "ScaledObject" ? SCALED_OBJECTS : KINDS.autoscalers),
      ),
    };
  const view = projectWorkload("Deployment")(await get(KINDS.deployments));
  return { holder: deploymentHolder(view), view };
};

const markedPods = async (kube: KubeClient, view: WorkloadView): Promise<readonly PodView[]> => {
  const path = collectionPath(KINDS.pods, view.namespace);
  const { items } = await listProjected(kube, { path, project: projectPod });
  return items.filter(
    pod => LADDER_ANNOTATION.priorCost in pod.annotations && matchesLabels(view.selector, pod.labels),
  );
};

/** Before the number goes back: which pods go then is their ReplicaSet's own choice again. */
const unmark = async (kube: KubeClient, { view }: Held): Promise<void> => {
  if (view === undefined) return;
  const pods = await markedPods(kube, view);
  await unmarkPods(
    kube,
    pods.map(({ uid, namespace, name, node }) => ({ uid, namespace, name, node: node ?? "" })),
  );
};

const write = async (kube: KubeClient, holder: Holder, plan: Revert): Promise<void> => {
  if (plan.kind === "scaleBack") await writeSurge(kube, holder, { value: plan.to, record: null });
  else await dropRecords(kube, holder);
};

export const hasRecord = (holder: Holder): boolean =>
  bearsSurge(holder) || LADDER_ANNOTATION.restarted in holder.annotations;

const describe = (plan: Revert): string | undefined => {
  if (plan.kind === "scaleBack")
    return `back from ${plan.record.surge} to ${plan.to ?? "no number of its own"}`;
  return plan.kind === "drop" ? plan.why : undefined;
};

/** Gives one object back what it had, and takes our records away. Says what became of it, where there is something to say. */
export const revertOne = (kube: KubeClient, ref: HolderRef): Promise<string | undefined> =>
  retrySwap(async () => {
    try {
      const held = await readHeld(kube, ref);
      if (!hasRecord(held.holder)) return undefined;
      await unmark(kube, held);
      const plan = planRevert(held.holder);
      await write(kube, held.holder, plan);
      return describe(plan);
    } catch (error) {
      if (isKubeError(error, "notFound")) return undefined;
      throw error;
    }
  }, {});
