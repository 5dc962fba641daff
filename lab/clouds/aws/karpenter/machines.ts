import { evictPod, type KubeClient, nodePath } from "../../../../kube";
import { deleteLabPool, ensureLabPool } from "../../../nodes";
import type { AwsContext } from "../context";
import { checkInstanceType, labVersion } from "../machines";
import { minorOf } from "./classes";
import {
  ifThere,
  isReady,
  type Node,
  nodeOf,
  type NodeClaim,
  type NodeClass,
  NODE_POOL,
  PATH,
  podsOn,
  type Seen,
} from "./objects";

const FINALIZER = "karpenter.sh/termination";
const DEADLINE = "karpenter.sh/nodeclaim-termination-timestamp";
const DISRUPTED = { key: "karpenter.sh/disrupted", effect: "NoSchedule" } as const;

export interface Place {
  readonly lab: string;
  readonly context: AwsContext;
  readonly signal: AbortSignal;
}

const valueOf = ({ spec }: NodeClaim, key: string): string =>
  spec.requirements.find(one => one.key === key)?.values?.[0] ?? "";

/** Subnets have no zone in the stand-in for AWS, so they get one by their order: a, b, c. */
const zonesOf = ({ spec }: NodeClass, { lab, context }: Place): string[] => {
  const known = context.state.clusters[lab]?.subnets ?? [];
  return spec.subnetSelectorTerms.map(
    ({ id = "" }) => `${context.region}${"abcdef"[known.indexOf(id)] ?? "a"}`,
  );
};

/** One simulated machine for one claim, in the zone that has the fewest. */
const makeMachine = async (
  claim: NodeClaim,
  made: NodeClass,
  { place, index }: { readonly place: Place; readonly index: number },
): Promise<void> => {
  const zones = zonesOf(made, place).sort();
  const machine = valueOf(claim, "node.kubernetes.io/instance-type");
  const capacity = valueOf(claim, "karpenter.sh/capacity-type");
  await ensureLabPool(
    place.lab,
    {
      generation: claim.metadata.name,
      pool: "",
      version: `${labVersion(minorOf(made) ?? "")}-eks-standin`,
      size: { min: 0, max: 1 },
      start: 1,
      machine,
      zones: [zones[index % zones.length] ?? ""],
      labels: {
        ...claim.metadata.labels,
        "karpenter.sh/capacity-type": capacity,
        "topology.kubernetes.io/region": place.context.region,
      },
      taints: claim.spec.taints ?? [],
      dress: { ...checkInstanceType(machine), providerId: "aws:///{zone}/i-{id}" },
    },
    { signal: place.signal },
  );
};

/** A claim without its machine gets one, where its class is Ready; it counts once its node is. */
export const launch = async (
  kube: KubeClient,
  claim: NodeClaim,
  { seen, place }: { readonly seen: Seen; readonly place: Place },
): Promise<void> => {
  const made = seen.classes.find(({ metadata }) => metadata.name === claim.spec.nodeClassRef.name);
  if (made === undefined || claim.status?.nodeName !== undefined || minorOf(made) === undefined) return;
  const { name } = claim.metadata;
  const node = nodeOf(`${name}-0`, seen);
  if (node !== undefined) return isReady(node) ? settle(kube, claim, node.metadata.name) : undefined;
  const path = `${PATH.claims}/${name}`;
  await kube.request({ method: "PATCH", path, body: { metadata: { finalizers: [FINALIZER] } } });
  const siblings = seen.claims.filter(
    ({ metadata }) => metadata.labels?.[NODE_POOL] === claim.metadata.labels?.[NODE_POOL],
  );
  await makeMachine(claim, made, { place, index: siblings.indexOf(claim) });
};

const settle = async (kube: KubeClient, { metadata }: NodeClaim, nodeName: string): Promise<void> => {
  const conditions = ["Launched", "Registered", "Initialized", "Ready"].map(type => ({
    ...{ type, status: "True", reason: type, message: "" },
    lastTransitionTime: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
  }));
  const path = `${PATH.claims}/${metadata.name}/status`;
  await ifThere(() => kube.request({ method: "PATCH", path, body: { status: { nodeName, conditions } } }));
};

const isDue = ({ metadata }: NodeClaim): boolean =>
  Date.parse(metadata.annotations?.[DEADLINE] ?? "") <= Date.now();

/** @returns whether the node was closed to new pods before this round looked. */
const isClosed = async (kube: KubeClient, node: Node): Promise<boolean> => {
  const { taints = [] } = node.spec;
  if (taints.some(({ key }) => key === DISRUPTED.key)) return true;
  const body = { spec: { taints: [...taints, DISRUPTED] } };
  await ifThere(() => kube.request({ method: "PATCH", path: nodePath(node.metadata.name), body }));
  return false;
};

/**
 * Closes the node, then drains it by the eviction API until the deadline; the machine goes when it is empty, or at once
 * when that has passed.
 */
export const terminate = async (
  kube: KubeClient,
  claim: NodeClaim,
  { seen, place }: { readonly seen: Seen; readonly place: Place },
): Promise<void> => {
  const node = nodeOf(`${claim.metadata.name}-0`, seen);
  if (node !== undefined && !(await isClosed(kube, node))) return;
  const left = isDue(claim) ? [] : podsOn(claim.status?.nodeName, seen);
  for (const { metadata } of left)
    await evictPod(kube, { ...metadata, graceSeconds: undefined, signal: place.signal });
  if (left.length > 0) return;
  await deleteLabPool(place.lab, claim.metadata.name, { signal: place.signal });
  const path = `${PATH.claims}/${claim.metadata.name}`;
  await ifThere(() => kube.request({ method: "PATCH", path, body: { metadata: { finalizers: null } } }));
};
