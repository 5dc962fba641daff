import { ProblemError, type Problem } from "../core/problem";
import { labKubeconfig } from "./lab";
import { convergeNodes, nodesOf, removeNode, withLabKube } from "./pools/converge";
import { checkMachine } from "./pools/node";
import {
  forgetLabPool,
  readLabPool,
  withPool,
  writeLabPool,
  type LabPool,
  type LabPoolOptions,
  type LabPoolSpec,
  type LabTaint,
} from "./pools/record";

/*
 * The stand-in cloud's node groups. What is asked for is recorded first, then made true; so every call can be cut off
 * and repeated, and gone or already-done is success.
 */
export {
  listLabPools,
  readLabPool,
  type LabPool,
  type LabPoolOptions,
  type LabPoolSpec,
  type LabTaint,
} from "./pools/record";

const refuse = (generation: string, problem: Omit<Problem, "path">): never => {
  throw new ProblemError(`node group ${generation}`, [{ ...problem, path: generation }]);
};

const missing = (generation: string): never =>
  refuse(generation, {
    code: "Lab.PoolMissing",
    message: "there is no such node group",
    fix: "create it first: ensureLabPool",
  });

const clamp = (value: number, { min, max }: LabPoolSpec["size"]): number =>
  Math.min(max, Math.max(min, value));

const adopt = (spec: LabPoolSpec, found: LabPool | undefined): LabPool => {
  const { size, start = size.min } = spec;
  if (found === undefined) return { ...spec, desired: start, closed: false, templateTaints: spec.taints };
  const desired = found.closed ? found.desired : clamp(found.desired, { min: start, max: size.max });
  return { ...found, size, start, desired };
};

/** The node group under its name: made, finished, refilled, or resized into new bounds. Its machines never change. */
export const ensureLabPool = (
  lab: string,
  spec: LabPoolSpec,
  options: LabPoolOptions = {},
): Promise<LabPool> => {
  if (spec.dress === undefined) checkMachine(spec.machine);
  return withPool({ lab, generation: spec.generation }, options, async signal => {
    const pool = writeLabPool(lab, adopt(spec, readLabPool(lab, spec.generation)));
    await withLabKube(lab, kube => convergeNodes(kube, { lab, pool }, signal));
    return pool;
  });
};

const change = (
  place: { readonly lab: string; readonly generation: string },
  options: LabPoolOptions,
  decide: (pool: LabPool) => LabPool,
): Promise<LabPool> =>
  withPool(place, options, async signal => {
    const { lab, generation } = place;
    const found = readLabPool(lab, generation) ?? missing(generation);
    const pool = writeLabPool(lab, decide(found));
    if (pool.desired !== found.desired || pool.closed !== found.closed)
      await withLabKube(lab, kube => convergeNodes(kube, { lab, pool }, signal));
    return pool;
  });

const resized = (pool: LabPool, desired: number): LabPool => {
  if (pool.closed && desired > pool.desired)
    return refuse(pool.generation, {
      code: "Lab.PoolClosed",
      message: `it is closed and cannot grow from ${pool.desired} to ${desired}`,
      fix: "open it first",
    });
  if (desired > pool.size.max || desired < 0)
    return refuse(pool.generation, {
      code: "Lab.PoolSize",
      message: `${desired} nodes were asked for; allowed are 0 to ${pool.size.max}`,
      fix: "raise the pool's max",
    });
  return { ...pool, desired };
};

/** Sets how many nodes the cloud holds on to; shrinking takes the highest numbers away. */
export const resizeLabPool = (
  lab: string,
  pool: { generation: string; desired: number },
  options: LabPoolOptions = {},
): Promise<LabPool> =>
  change({ lab, generation: pool.generation }, options, found => resized(found, pool.desired));

/** Nothing new joins any more: no refill of what goes, no growth. */
export const closeLabPool = (
  lab: string,
  generation: string,
  options: LabPoolOptions = {},
): Promise<LabPool> => change({ lab, generation }, options, found => ({ ...found, closed: true }));

/** Undoes closeLabPool: what went meanwhile is filled up again. */
export const openLabPool = (
  lab: string,
  generation: string,
  options: LabPoolOptions = {},
): Promise<LabPool> => change({ lab, generation }, options, found => ({ ...found, closed: false }));

/** What nodes born from now on carry; those that live keep theirs. */
export const setTemplateTaints = (
  lab: string,
  pool: { readonly generation: string; readonly taints: readonly LabTaint[] },
  options: LabPoolOptions = {},
): Promise<LabPool> =>
  change({ lab, generation: pool.generation }, options, found => ({ ...found, templateTaints: pool.taints }));

/** What nodes born from now on are labelled with; those that live keep theirs. */
export const setTemplateLabels = (
  lab: string,
  pool: { readonly generation: string; readonly labels: Readonly<Record<string, string>> },
  options: LabPoolOptions = {},
): Promise<LabPool> =>
  change({ lab, generation: pool.generation }, options, found => ({
    ...found,
    labels: { ...found.labels, ...pool.labels },
  }));

/** Gives one machine back and counts one less, so that the cloud does not replace it. */
export const releaseLabNode = (
  lab: string,
  node: { readonly generation: string; readonly name: string },
  options: LabPoolOptions = {},
): Promise<void> =>
  withPool({ lab, generation: node.generation }, options, async signal => {
    const found = readLabPool(lab, node.generation);
    if (found === undefined) return;
    await withLabKube(lab, async kube => {
      const present = await nodesOf(kube, node.generation, signal);
      if (!present.includes(node.name)) return;
      writeLabPool(lab, { ...found, desired: Math.min(found.desired, present.length) - 1 });
      await removeNode(kube, node.name, signal);
    });
  });

/** Removes the node group with its nodes; none, or no lab any more, is fine. */
export const deleteLabPool = async (
  lab: string,
  generation: string,
  options: LabPoolOptions = {},
): Promise<void> => {
  if (labKubeconfig(lab) === undefined) {
    forgetLabPool(lab, generation);
    return;
  }
  await withPool({ lab, generation }, options, async signal => {
    const found = readLabPool(lab, generation);
    if (found === undefined) return;
    const pool = writeLabPool(lab, { ...found, desired: 0, closed: true });
    await withLabKube(lab, kube => convergeNodes(kube, { lab, pool }, signal));
  });
  forgetLabPool(lab, generation);
};
