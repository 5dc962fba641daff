import { type Problem, ProblemError } from "../../../../../core/problem";
import { isKubeError, type KubeClient } from "../../../../../kube";
import type { Ports } from "../../../../../operations/ports";
import { type Look, waitFor } from "../../../../../operations/wait";
import type { KarpenterObjects, NodePool } from "../../protocol";
import {
  type Condition,
  deleteObject,
  leaves,
  type LiveNodeClass,
  MANAGER,
  PATH,
  readObject,
  readPool,
} from "./objects";
import { notInstalled, servesKarpenter } from "./served";
import { holdOthers } from "./siblings";
import { bringTo, stand } from "./state";

interface Own {
  readonly pool: string;
  readonly generation: string;
}

type Wanted = Own & KarpenterObjects;

type GatePorts = Ports & { readonly signal: AbortSignal };

const READY_SECONDS = 300;

/** Class first, found fit by Karpenter; then the pool, which makes nothing by itself until it is opened. */
export const ensureMachines = async (ports: GatePorts, wanted: Wanted): Promise<void> => {
  const { kube, signal } = ports;
  if (!(await servesKarpenter(kube, signal)))
    throw new ProblemError("no Karpenter", [notInstalled(wanted.pool)]);
  await waitUntil(ports, wanted, () => lookAtLeaving(kube, wanted.generation, signal));
  await ensureClass(ports, wanted);
  await ensurePool(kube, wanted, signal);
};

/** A step that fails is in nobody's state: what it made for the first time it takes away again. */
const ensureClass = async (ports: GatePorts, wanted: Wanted): Promise<void> => {
  const { kube, signal } = ports;
  const made = await createOnce(kube, PATH.classes, wanted.nodeClass, signal);
  const look = lookAtClass(ports, wanted);
  try {
    await waitUntil(ports, wanted, look);
  } catch (error) {
    if (made) await deleteObject(kube, `${PATH.classes}/${wanted.generation}`, AbortSignal.timeout(5_000));
    throw error;
  }
};

export const isThere = async (
  kube: KubeClient,
  generation: string,
  signal: AbortSignal,
): Promise<boolean> => {
  const pool = await readPool(kube, generation, signal);
  return pool !== undefined && !leaves(pool);
};

const ensurePool = async (kube: KubeClient, wanted: Wanted, signal: AbortSignal): Promise<void> => {
  const { nodePool, generation } = wanted;
  const { limits, disruption } = nodePool.spec;
  const bounds = { limits, disruption };
  if (await isThere(kube, generation, signal)) return bringTo(kube, { name: generation, bounds }, signal);
  await holdOthers(kube, wanted, signal);
  await createOnce(kube, PATH.pools, asUnproven(nodePool, bounds), signal);
};

/** Born as it would stand after it was closed: nothing lands on it, nothing grows, nothing is taken away. */
const asUnproven = (pool: NodePool, open: Pick<NodePool["spec"], "limits" | "disruption">): object => {
  const { annotations, bounds } = stand("unproven", open);
  return { ...pool, metadata: { ...pool.metadata, annotations }, spec: { ...pool.spec, ...bounds } };
};

/** @returns whether it was not there before. */
const createOnce = async (
  kube: KubeClient,
  path: string,
  ...[body, signal]: readonly [object, AbortSignal]
): Promise<boolean> => {
  try {
    await kube.request({ method: "POST", path, query: MANAGER, body, signal });
    return true;
  } catch (error) {
    if (!isKubeError(error, "alreadyExists")) throw error;
    return false;
  }
};

const waitUntil = (
  { now, log, signal }: GatePorts,
  own: Own,
  look: () => Promise<Look<true>>,
): Promise<true> =>
  waitFor(look, {
    ...{ now, log, signal, deadlineSeconds: READY_SECONDS },
    problem: missing => notReady(own, READY_SECONDS, missing),
  });

/** A generation that is on its way out comes back under its own name once it is gone. */
const lookAtLeaving = async (
  kube: KubeClient,
  generation: string,
  signal: AbortSignal,
): Promise<Look<true>> => {
  const pool = await readPool(kube, generation, signal);
  const nodeClass = await readObject<LiveNodeClass>(kube, `${PATH.classes}/${generation}`, signal);
  const going = [pool, nodeClass].some(one => one !== undefined && leaves(one));
  return going
    ? { missing: `the end of the NodePool ${generation}, which is being deleted` }
    : { done: true };
};

/** What Karpenter looked for and did not find it seldom finds a little later: roles and images take this long to be seen. */
const UNMET_MS = 15_000;

/** karpenter.sh/docs/concepts/nodeclasses, "status.conditions": AMI, subnets, security groups and role were found. */
const lookAtClass = ({ kube, now, signal }: GatePorts, own: Own): (() => Promise<Look<true>>) => {
  const { generation } = own;
  let unmetSince = Infinity;
  return async () => {
    const found = await readObject<LiveNodeClass>(kube, `${PATH.classes}/${generation}`, signal);
    const conditions = found?.status?.conditions ?? [];
    if (isReady(conditions)) return { done: true };
    const unmet = describeUnmet(conditions);
    const missing = `EC2NodeClass ${generation} to be Ready (${unmet ?? "Karpenter has not said anything of it yet"})`;
    unmetSince = unmet === undefined ? Infinity : Math.min(unmetSince, now());
    if (now() < unmetSince + UNMET_MS) return { missing };
    throw new ProblemError("not ready", [notReady(own, UNMET_MS / 1_000, missing)]);
  };
};

const isReady = (conditions: readonly Condition[]): boolean =>
  conditions.some(({ type, status }) => type === "Ready" && status === "True");

const describeUnmet = (conditions: readonly Condition[]): string | undefined => {
  const unmet = conditions
    .filter(({ type, status }) => type !== "Ready" && status === "False")
    .map(({ type, reason = "", message = "" }) => `${type}: ${message === "" ? reason : message}`);
  return unmet.length === 0 ? undefined : unmet.sort().join("; ");
};

const notReady = ({ pool, generation }: Own, seconds: number, missing: string): Problem => ({
  code: "Karpenter.NotReady",
  path: `pools.${pool}`,
  message: `after ${seconds} s still waiting for ${missing}; the old generation is untouched`,
  fix: `look at \`kubectl describe ec2nodeclass ${generation}\` and at Karpenter's own log; put right what they name and run \`pulumi up\` again`,
  source: "https://karpenter.sh/docs/troubleshooting/",
});
