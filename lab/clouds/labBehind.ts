import { destroyLab, ensureLab } from "../lab";
import {
  deleteLabPool,
  ensureLabPool,
  type LabPoolSpec,
  type LabTaint,
  readLabPool,
  releaseLabNode,
  resizeLabPool,
  setTemplateLabels,
  setTemplateTaints,
} from "../nodes";
import { nodesOf, withLabKube } from "../pools/converge";

/*
 * What stands behind an API: a lab for each cluster, a lab's pool for each of its pools. The pool takes any size;
 * bounds and zones are the API's own business.
 */

type Labels = Readonly<Record<string, string>>;

/** Machines in a lab. */
export interface Machines {
  readonly lab: string;
  /** What the cloud calls their pool; absent = it has none here: it was only there for the cluster. */
  readonly name?: string;
  /** Labels its nodes are born with. */
  readonly labels: Labels;
}

/** `version` is a patch: "1.36.4"; `emulated` the minor it serves, where that is the one before. */
export const raiseLab = async (
  name: string,
  plane: { readonly version: string; readonly emulated?: string },
  signal: AbortSignal,
): Promise<void> => {
  await ensureLab({ name, ...plane }, { progress: () => undefined, signal });
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
  const { lab, name: generation } = machines;
  if (generation === undefined) return;
  const labels = { ...machines.labels, ...machines.own };
  const size = { min: 0, max: 1_000 };
  await ensureLabPool(lab, { ...made, generation, pool: "", size, labels }, { signal });
};

/** Brings size and template to what the pool says. Taints and labels of nodes that are there stay as they are. */
export const settleMachines = async (
  machines: Machines,
  wanted: { readonly desired: number; readonly taints: readonly LabTaint[] },
  signal: AbortSignal,
): Promise<void> => {
  const { lab, name: generation, labels } = machines;
  const found = generation === undefined ? undefined : readLabPool(lab, generation);
  if (generation === undefined || found === undefined) return;
  const { desired, taints } = wanted;
  await setTemplateTaints(lab, { generation, taints: [...taints] }, { signal });
  await setTemplateLabels(lab, { generation, labels }, { signal });
  if (desired !== found.desired) await resizeLabPool(lab, { generation, desired }, { signal });
};

export const razeMachines = async ({ lab, name }: Machines, signal: AbortSignal): Promise<void> => {
  if (name !== undefined) await deleteLabPool(lab, name, { signal });
};

/** Names of the nodes that are there. */
export const nodesIn = async ({ lab, name }: Machines, signal: AbortSignal): Promise<readonly string[]> =>
  name === undefined ? [] : withLabKube(lab, kube => nodesOf(kube, name, signal));

/** Ends the machines of these nodes; the pool counts as many less. */
export const endNodes = async (
  { lab, name: generation = "" }: Machines,
  names: readonly string[],
  signal: AbortSignal,
): Promise<void> => {
  for (const name of names) await releaseLabNode(lab, { generation, name }, { signal });
};
