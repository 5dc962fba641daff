import { type HandoverRecord, parseHandoverRecord, type Side } from "../../core/handover/record";
import { NAMES } from "../../core/identity/names";
import { type Problem, ProblemError } from "../../core/problem";
import {
  clusterUid,
  configMapPath,
  ensureNamespace,
  isKubeError,
  type KubeClient,
  readConfigMap,
  updateConfigMap,
} from "../../kube";

const KEY = "handover.json";
const WHERE = { namespace: NAMES.namespace, name: NAMES.handover };

/** The clusters of a handover. One that is not there carries nothing. */
export type Clusters = Readonly<Record<Side, KubeClient | "absent">>;

/** How far a handover is. */
export type Standing = Pick<HandoverRecord, "pair" | "weight" | "moving" | "demand">;

/** What a cluster carries in a handover; undefined = it takes part in none. */
export const readRecord = async (
  kube: KubeClient,
  signal: AbortSignal,
): Promise<HandoverRecord | undefined> => {
  const parsed = parseHandoverRecord((await readConfigMap(kube, WHERE, { signal }))?.data[KEY]);
  if (!parsed.ok) throw new ProblemError("the handover's record can't be read", parsed.problems);
  return parsed.value;
};

export interface Pair {
  readonly handover: string;
  readonly clusters: Clusters;
}

/**
 * How far both clusters say the handover is; undefined = it has not begun. Green's word counts, because it is written
 * first; refused where the records are of another handover, of other clusters or of swapped ones.
 */
export const readStanding = async (
  { handover, clusters }: Pair,
  signal: AbortSignal,
): Promise<Standing | undefined> => {
  const read = (["green", "blue"] as const).map(side => readSide({ handover, side }, clusters, signal));
  const [green, blue] = await Promise.all(read);
  const found = green ?? blue;
  if (found === undefined) return undefined;
  const { pair, weight, moving, demand } = found;
  return { pair, weight, demand, ...(moving === undefined ? {} : { moving }) };
};

const readSide = async (
  { handover, side }: { readonly handover: string; readonly side: Side },
  clusters: Clusters,
  signal: AbortSignal,
): Promise<HandoverRecord | undefined> => {
  const kube = clusters[side];
  if (kube === "absent") return undefined;
  const [record, uid] = await Promise.all([readRecord(kube, signal), clusterUid(kube, { signal })]);
  if (record === undefined) return undefined;
  if (record.handover === handover && record.side === side && record.pair[side] === uid) return record;
  throw new ProblemError("another handover", [another({ handover, side }, record)]);
};

const another = (
  { handover, side }: { readonly handover: string; readonly side: Side },
  record: HandoverRecord,
): Problem => ({
  code: "Handover.AnotherCluster",
  path: `handover.${side}`,
  message: `found a cluster that is ${record.side} in the handover "${record.handover}" of the clusters ${record.pair.blue} and ${record.pair.green}; wanted is ${side} in "${handover}"`,
  fix: "name the clusters of this handover, or end the other one with `pulumi destroy`; nothing was changed",
});

/** Both records of one standing: green's first. A cluster that is not there is left out. */
export const writeStanding = async (
  { handover, clusters }: Pair,
  standing: Standing,
  signal: AbortSignal,
): Promise<void> => {
  for (const side of ["green", "blue"] as const) {
    const kube = clusters[side];
    if (kube === "absent") continue;
    const record: HandoverRecord = { handover, side, ...standing };
    await ensureNamespace(kube, NAMES.namespace, { signal });
    await updateConfigMap(kube, WHERE, data => ({ ...data, [KEY]: JSON.stringify(record) }), { signal });
  }
};

/** The handover is over: neither cluster is held by it any more. */
export const removeRecords = async (clusters: Clusters, signal: AbortSignal): Promise<void> => {
  for (const kube of [clusters.green, clusters.blue]) if (kube !== "absent") await removeRecord(kube, signal);
};

const removeRecord = async (kube: KubeClient, signal: AbortSignal): Promise<void> => {
  try {
    await kube.request({ method: "DELETE", path: configMapPath(WHERE), signal });
  } catch (error) {
    if (!isKubeError(error, "notFound")) throw error;
  }
};
