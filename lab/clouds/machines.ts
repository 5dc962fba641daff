import { destroyLab, ensureLab } from "../lab";
import {
  deleteLabPool,
  ensureLabPool,
  type LabPoolSpec,
  type LabTaint,
  readLabPool,
  releaseLabNode,
  resizeLabPool,
  setTemplateTaints,
} from "../nodes";
import { nodesOf, withLabKube } from "../pools/converge";

/*
 * What stands behind an API: a lab for each cluster, a lab's pool for each pool that is a generation. The pool takes
 * any size; bounds and zones are the API's own business.
 */

export const GENERATION = "changeover.dev/generation";
export const POOL = "changeover.dev/pool";

type Labels = Readonly<Record<string, string>>;

/** Machines of a generation in a lab. A pool without that label has none here: it was only there for the cluster. */
export interface Machines {
  readonly lab: string;
  readonly labels: Labels;
}

export const generationOf = ({ labels }: Pick<Machines, "labels">): string | undefined => labels[GENERATION];

/** `version` is a patch: "1.36.4". */
export const raiseLab = async (name: string, version: string, signal: AbortSignal): Promise<void> => {
  await ensureLab({ name, version }, { progress: () => undefined, signal });
};

export const razeLab = (name: string): Promise<void> => destroyLab(name);

type Made = Pick<LabPoolSpec, "version" | "machine" | "zones" | "taints" | "dress"> & {
  readonly start: number;
};

/** Makes or finishes the machines of a pool. `own` = labels that the cloud adds. */
export const raiseMachines = async (
  machines: Machines & { readonly own: Labels },
  made: Made,
  signal: AbortSignal,
): Promise<void> => {
  const generation = generationOf(machines);
  if (generation === undefined) return;
  const pool = machines.labels[POOL] ?? "";
  const labels = { ...machines.labels, ...machines.own };
  const size = { min: 0, max: 1_000 };
  await ensureLabPool(machines.lab, { ...made, generation, pool, size, labels }, { signal });
};

/** Brings size and the template's taints to what the pool says. Taints of nodes that are there stay as they are. */
export const settleMachines = async (
  machines: Machines,
  wanted: { readonly desired: number; readonly taints: readonly LabTaint[] },
  signal: AbortSignal,
): Promise<void> => {
  const { lab } = machines;
  const generation = generationOf(machines);
  const found = generation === undefined ? undefined : readLabPool(lab, generation);
  if (generation === undefined || found === undefined) return;
  const { desired, taints } = wanted;
  await setTemplateTaints(lab, { generation, taints: [...taints] }, { signal });
  if (desired !== found.desired) await resizeLabPool(lab, { generation, desired }, { signal });
};

export const razeMachines = async (machines: Machines, signal: AbortSignal): Promise<void> => {
  const generation = generationOf(machines);
  if (generation !== undefined) await deleteLabPool(machines.lab, generation, { signal });
};

/** Names of the nodes that are there. */
export const nodesIn = async (machines: Machines, signal: AbortSignal): Promise<readonly string[]> => {
  const generation = generationOf(machines);
  return generation === undefined ? [] : withLabKube(machines.lab, kube => nodesOf(kube, generation, signal));
};

/** Ends the machines of these nodes; the pool counts as many less. */
export const endNodes = async (
  machines: Machines,
  names: readonly string[],
  signal: AbortSignal,
): Promise<void> => {
  const generation = generationOf(machines) ?? "";
  for (const name of names) await releaseLabNode(machines.lab, { generation, name }, { signal });
};
