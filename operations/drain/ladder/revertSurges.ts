import type { Holder } from "../../../core/drain/ladder/target";
import {
  collectionPath,
  isKubeError,
  KINDS,
  type KubeClient,
  listProjected,
  projectWorkload,
} from "../../../kube";
import { listScalers } from "./readTarget";
import { deploymentHolder, hasRecord, type HolderRef, revertOne, scalerHolder } from "./revert";

/** Who may not even list autoscalers has never surged one. */
const allScalers = async (kube: KubeClient): ReturnType<typeof listScalers> => {
  try {
    return await listScalers(kube);
  } catch (error) {
    if (isKubeError(error, "forbidden")) return [];
    throw error;
  }
};

/** Everything that bears a record of the ladder, sorted by namespace and name. */
export const listSurged = async (kube: KubeClient): Promise<readonly Holder[]> => {
  const project = (raw: unknown): Holder => deploymentHolder(projectWorkload("Deployment")(raw));
  const { items } = await listProjected(kube, { path: collectionPath(KINDS.deployments), project });
  const scalers = await allScalers(kube);
  const holders = [...items, ...scalers.map(({ raw, scaler }) => scalerHolder(scaler.kind, raw))];
  const key = ({ namespace, name, kind }: HolderRef): string => `${namespace}/${name}/${kind}`;
  return holders.filter(hasRecord).sort((a, b) => (key(a) < key(b) ? -1 : 1));
};

export interface RevertPorts {
  readonly log: (line: string) => void;
}

/** Gives each of them what it had before, or nothing where somebody else changed it since. Returns a line for each. */
export const takeBack = async (
  kube: KubeClient,
  holders: readonly HolderRef[],
  ports: RevertPorts,
): Promise<readonly string[]> => {
  const lines: string[] = [];
  for (const holder of holders) {
    const fate = await revertOne(kube, holder);
    if (fate === undefined) continue;
    const line = `${holder.kind} ${holder.namespace}/${holder.name}: ${fate}`;
    ports.log(line);
    lines.push(line);
  }
  return lines;
};

/**
 * Takes back every surge on record, whoever made it. Run again it does what is left; nothing left is success. The caller
 * holds the cluster's one lease, and no drain is under way beside him: so whoever surged is over.
 */
export const revertSurges = async (kube: KubeClient, ports: RevertPorts): Promise<readonly string[]> =>
  takeBack(kube, await listSurged(kube), ports);
