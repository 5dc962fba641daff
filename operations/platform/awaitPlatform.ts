import { LABEL, TAINT } from "../../core/identity/names";
import { type Problem, ProblemError } from "../../core/problem";
import {
  collectionPath,
  type KubeClient,
  KINDS,
  listNodes,
  listProjected,
  type NodeView,
  projectWorkload,
} from "../../kube";
import type { Ports } from "../ports";
import { type Look, waitFor } from "../wait";
import { gaveUp, missingOf, type Rollout } from "./rolledOut";

interface PlatformWanted {
  readonly namespaces: readonly string[];
  readonly timeoutSeconds: number;
}

const WATCHED = [
  ["Deployment", KINDS.deployments],
  ["StatefulSet", KINDS.statefulSets],
  ["DaemonSet", KINDS.daemonSets],
] as const;

/**
 * Waits until all that runs in the namespaces is rolled out, and returns how many workloads that are. One that its
 * controller gave up on is not waited for; nothing is, as long as no pool of the cluster has opened a node.
 */
export const awaitPlatform = (
  { kube, now, log }: Ports,
  { namespaces, timeoutSeconds: deadlineSeconds }: PlatformWanted,
  signal: AbortSignal,
): Promise<number> => {
  const look = async (): Promise<Look<number>> => {
    const nodes = await listNodes(kube, { signal });
    if (!nodes.some(isOpen)) return { done: 0 };
    return judge(await readRollouts(kube, namespaces, signal), nodes.filter(({ ready }) => !ready).length);
  };
  return waitFor(look, { now, log, signal, deadlineSeconds, problem: notWell });
};

/** Of a pool, and past its Activation: what is made before may not run there. */
const isOpen = ({ labels, taints }: NodeView): boolean =>
  labels[LABEL.generation] !== undefined && !taints.some(({ key }) => key === TAINT.unproven.key);

const readRollouts = async (
  kube: KubeClient,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<readonly Rollout[]> => {
  const lists = namespaces.flatMap(namespace =>
    WATCHED.map(([kind, collection]) =>
      listProjected(kube, {
        path: collectionPath(collection, namespace),
        project: projectWorkload(kind),
        signal,
      }),
    ),
  );
  return (await Promise.all(lists)).flatMap(({ items }) => items);
};

const judge = (rollouts: readonly Rollout[], nodesDown: number): Look<number> => {
  const short = rollouts.flatMap(rollout => {
    const missing = missingOf(rollout, nodesDown);
    return missing === undefined ? [] : [{ rollout, missing }];
  });
  const over = short.flatMap(({ rollout }) => gaveUp(rollout) ?? []);
  if (over.length > 0) throw new ProblemError("the platform failed", over.sort().map(failed));
  if (short.length === 0) return { done: rollouts.length };
  return {
    missing: short
      .map(({ missing }) => missing)
      .sort()
      .join(", "),
  };
};

const FIX =
  "put right what is named, or set the platform back, and run `pulumi up` again; nothing that comes after it was touched";

const failed = (said: string): Problem => ({
  code: "PlatformGate.Failed",
  path: "platform",
  message: `its controller gave up on ${said}`,
  fix: FIX,
});

const notWell = (missing: string): Problem => ({
  code: "PlatformGate.Unwell",
  path: "platform",
  message: `not rolled out: ${missing}`,
  fix: FIX,
});
