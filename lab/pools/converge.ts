import { ProblemError } from "../../core/problem";
import {
  collectionPath,
  isKubeError,
  KINDS,
  listNodes,
  nodePath,
  openKube,
  type KubeClient,
} from "../../kube";
import { labKubeconfig } from "../lab";
import { MACHINE_OF, nodeBody } from "./node";
import { planNodes } from "./plan";
import type { LabPool } from "./record";

const AT_ONCE = 8;

const inBatches = async <T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> => {
  for (let from = 0; from < items.length; from += AT_ONCE)
    await Promise.all(items.slice(from, from + AT_ONCE).map(work));
};

/** Already there is done: an answer that got lost must not fail a retry. */
const makeNode = async (kube: KubeClient, body: object, signal: AbortSignal): Promise<void> => {
  const path = collectionPath(KINDS.nodes);
  try {
    await kube.request({ method: "POST", path, body, signal, repeatable: true });
  } catch (error) {
    if (!isKubeError(error) || error.reason !== "AlreadyExists") throw error;
  }
};

export const removeNode = async (kube: KubeClient, name: string, signal: AbortSignal): Promise<void> => {
  try {
    await kube.request({ method: "DELETE", path: nodePath(name), signal, repeatable: true });
  } catch (error) {
    if (!isKubeError(error, "notFound")) throw error;
  }
};

export const nodesOf = async (
  kube: KubeClient,
  generation: string,
  signal: AbortSignal,
): Promise<readonly string[]> => {
  const nodes = await listNodes(kube, { labels: { [MACHINE_OF]: generation }, signal });
  return nodes.map(({ name }) => name);
};

export const convergeNodes = async (
  kube: KubeClient,
  place: { readonly lab: string; readonly pool: LabPool },
  signal: AbortSignal,
): Promise<void> => {
  const { lab, pool } = place;
  const plan = planNodes(pool, await nodesOf(kube, pool.generation, signal));
  await inBatches(plan.make, index => makeNode(kube, nodeBody(lab, pool, index), signal));
  await inBatches(plan.take, name => removeNode(kube, name, signal));
};

/** Runs `work` with a client of the lab's API. */
export const withLabKube = async <T>(lab: string, work: (kube: KubeClient) => Promise<T>): Promise<T> => {
  const kubeconfig = labKubeconfig(lab);
  if (kubeconfig === undefined)
    throw new ProblemError(`lab ${lab}`, [
      {
        code: "Lab.Missing",
        path: lab,
        message: `the lab "${lab}" has no control plane`,
        fix: `changeover lab up ${lab}`,
      },
    ]);
  const kube = await openKube({ kubeconfig });
  try {
    return await work(kube);
  } finally {
    await kube.close();
  }
};
