import type { WorkloadFact } from "../../../core/drain/facts";
import type { Scaler, Target } from "../../../core/drain/ladder/target";
import { gitOpsOwner } from "../../../core/drain/plan/gitOps";
import {
  type Collection,
  collectionPath,
  isKubeError,
  KINDS,
  type KubeClient,
  listAll,
  objectPath,
  projectWorkload,
  type WorkloadView,
} from "../../../kube";

/** KEDA's own kind; a cluster without KEDA has none. */
export const SCALED_OBJECTS: Collection = { group: "keda.sh", version: "v1alpha1", plural: "scaledobjects" };

interface RawScaler {
  readonly metadata: {
    readonly uid: string;
    readonly name: string;
    readonly namespace: string;
    readonly resourceVersion: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly kind?: string; readonly uid?: string }[];
    readonly managedFields?: readonly { readonly manager?: string }[];
  };
  readonly spec: {
    readonly scaleTargetRef?: { readonly kind?: string; readonly name?: string };
    readonly minReplicas?: number;
    readonly maxReplicas?: number;
    readonly minReplicaCount?: number;
    readonly maxReplicaCount?: number;
  };
}

/** KEDA's own default. */
const KEDA_MAXIMUM = 100;

const limitsOf = (kind: Scaler["kind"], { spec }: RawScaler): Pick<Scaler, "minimum" | "maximum"> => {
  const keda = kind === "ScaledObject";
  const minimum = keda ? spec.minReplicaCount : spec.minReplicas;
  const maximum = (keda ? spec.maxReplicaCount : spec.maxReplicas) ?? KEDA_MAXIMUM;
  return { ...(minimum === undefined ? {} : { minimum }), maximum };
};

export const scalerOf =
  (kind: Scaler["kind"]) =>
  (raw: RawScaler): Scaler => {
    const { uid, name, namespace, resourceVersion, annotations = {}, labels = {} } = raw.metadata;
    const managers = (raw.metadata.managedFields ?? []).flatMap(({ manager }) => manager ?? []);
    const gitOps = gitOpsOwner({ labels, annotations, managers });
    return {
      ...{ kind, uid, name, namespace, resourceVersion, annotations, labels },
      ...limitsOf(kind, raw),
      ...(gitOps === undefined ? {} : { gitOps }),
    };
  };

/** A server says "forbidden" even about kinds that it does not have, to whoever has no right to them. */
const hasKeda = async (kube: KubeClient): Promise<boolean> => {
  try {
    await kube.request({ method: "GET", path: `/apis/${SCALED_OBJECTS.group}` });
    return true;
  } catch (error) {
    return !isKubeError(error, "notFound");
  }
};

const collect = async (
  kube: KubeClient,
  kind: Scaler["kind"],
  namespace: string | undefined,
): Promise<readonly RawScaler[]> => {
  const collection = kind === "ScaledObject" ? SCALED_OBJECTS : KINDS.autoscalers;
  try {
    return (await listAll<RawScaler>(kube, collectionPath(collection, namespace))).items;
  } catch (error) {
    if (isKubeError(error, "notFound")) return [];
    const unserved = kind === "ScaledObject" && isKubeError(error, "forbidden") && !(await hasKeda(kube));
    if (unserved) return [];
    throw error;
  }
};

/** All autoscalers, those left out that KEDA makes for its own objects. */
export const listScalers = async (
  kube: KubeClient,
  namespace?: string,
): Promise<readonly { readonly raw: RawScaler; readonly scaler: Scaler }[]> => {
  const objects = await collect(kube, "ScaledObject", namespace);
  const uids = new Set(objects.map(({ metadata }) => metadata.uid));
  const made = ({ metadata }: RawScaler): boolean =>
    (metadata.ownerReferences ?? []).some(({ uid }) => uid !== undefined && uids.has(uid));
  const plain = (await collect(kube, "HorizontalPodAutoscaler", namespace)).filter(raw => !made(raw));
  return [
    ...plain.map(raw => ({ raw, scaler: scalerOf("HorizontalPodAutoscaler")(raw) })),
    ...objects.map(raw => ({ raw, scaler: scalerOf("ScaledObject")(raw) })),
  ];
};

/** KEDA takes a target without a kind as a Deployment. */
const scales = ({ spec }: RawScaler, { kind, name }: WorkloadView): boolean =>
  spec.scaleTargetRef?.name === name && (spec.scaleTargetRef.kind ?? "Deployment") === kind;

interface RawTemplate {
  readonly spec?: {
    readonly template?: {
      readonly spec?: {
        readonly volumes?: readonly { readonly persistentVolumeClaim?: { readonly claimName?: string } }[];
      };
    };
  };
}

interface RawClaim {
  readonly metadata: { readonly name: string };
  readonly spec?: { readonly accessModes?: readonly string[] };
}

const SHARED = new Set(["ReadWriteMany", "ReadOnlyMany"]);

const exclusiveClaims = async (
  kube: KubeClient,
  raw: RawTemplate,
  namespace: string,
): Promise<readonly string[]> => {
  const volumes = raw.spec?.template?.spec?.volumes ?? [];
  const names = new Set(
    volumes.flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []),
  );
  if (names.size === 0) return [];
  const { items } = await listAll<RawClaim>(kube, collectionPath(KINDS.claims, namespace));
  const shared = items.filter(({ spec }) => spec?.accessModes?.some(mode => SHARED.has(mode)) === true);
  const sharedNames = new Set(shared.map(({ metadata }) => metadata.name));
  // A claim that is not there yet may become anything.
  return [...names].filter(name => !sharedNames.has(name)).sort();
};

interface RawStrategy {
  readonly type?: string;
  readonly rollingUpdate?: { readonly maxSurge?: number | string };
}

const isOverdue = ({ conditions }: WorkloadView): boolean =>
  conditions.some(({ type, reason }) => type === "Progressing" && reason === "ProgressDeadlineExceeded");

const countsOf = (view: WorkloadView): Pick<Target, "replicas" | "counts"> => ({
  replicas: view.desired,
  counts: { all: view.replicas, updated: view.updated, ready: view.ready, available: view.available },
});

export const targetOfView = (
  view: WorkloadView,
  extras: Pick<Target, "exclusiveClaims" | "scalers">,
): Target => {
  const { kind, namespace, name, uid, resourceVersion, annotations, labels } = view;
  const { type = "", rollingUpdate } = (view.strategy ?? {}) as RawStrategy;
  const gitOps = gitOpsOwner(view);
  return {
    ...{ kind, namespace, name, uid, resourceVersion, annotations, labels },
    ...{ generation: view.generation, observedGeneration: view.observedGeneration },
    ...countsOf(view),
    overdue: isOverdue(view),
    paused: view.paused,
    strategy: type,
    ...(rollingUpdate?.maxSurge === undefined ? {} : { maxSurge: rollingUpdate.maxSurge }),
    ...(gitOps === undefined ? {} : { gitOps }),
    ...extras,
  };
};

type Named = Pick<WorkloadFact, "namespace" | "name">;

/** The Deployment with everything that decides what may be done for it, as it is now; undefined when it is gone. */
export const readTarget = async (
  kube: KubeClient,
  ref: Named,
  scalersOf: (namespace: string) => ReturnType<typeof listScalers> = namespace =>
    listScalers(kube, namespace),
): Promise<Target | undefined> => {
  try {
    const raw = await kube.request<RawTemplate>({ method: "GET", path: objectPath(KINDS.deployments, ref) });
    const view = projectWorkload("Deployment")(raw);
    const found = await scalersOf(ref.namespace);
    const scalers = found.filter(entry => scales(entry.raw, view)).map(({ scaler }) => scaler);
    return targetOfView(view, {
      exclusiveClaims: await exclusiveClaims(kube, raw, ref.namespace),
      scalers,
    });
  } catch (error) {
    if (isKubeError(error, "notFound")) return undefined;
    throw error;
  }
};
