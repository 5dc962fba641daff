import { LABEL } from "../../../../../core/identity/names";
import { isKubeError, type KubeClient, listAll } from "../../../../../kube";
import { withCluster } from "../access";
import { type Findings, NOTHING } from "../../../shared/live/sideBySide";
import {
  judgeKarpenter,
  type Karpenter,
  type NodeClaim,
  type NodeClass,
  type NodePool,
} from "./judgeKarpenter";
import type { Question } from "./question";

/** Nodes that Karpenter makes are nobody's pool here; what they will do when the control plane moves is said. */
export const checkKarpenter = async ({ wanted, step, signal, now }: Question): Promise<Findings> => {
  if (step === undefined || wanted.live === undefined) return NOTHING;
  const found = await withCluster(wanted.connection, kube => readKarpenter(kube, signal));
  return found === undefined ? NOTHING : judgeKarpenter(found, { to: step.to, now });
};

/** undefined = its API is not in this cluster. */
export const readKarpenter = async (
  kube: KubeClient,
  signal: AbortSignal,
): Promise<Karpenter | undefined> => {
  const [core, aws] = await Promise.all([
    servedVersion(kube, "karpenter.sh", signal),
    servedVersion(kube, "karpenter.k8s.aws", signal),
  ]);
  if (core === undefined) return undefined;
  const list = async <T>(path: string): Promise<readonly T[]> =>
    (await listAll<T>(kube, path, { signal })).items;
  const [pools, claims, classes] = await Promise.all([
    list<NodePool>(`${core}/nodepools`),
    list<NodeClaim>(`${core}/nodeclaims`),
    aws === undefined ? [] : list<NodeClass>(`${aws}/ec2nodeclasses`),
  ]);
  return { pools: pools.filter(isForeign), claims, classes };
};

/** Those of our own generations are pools of this stack, and judged as such. */
const isForeign = ({ metadata }: NodePool): boolean => metadata.labels?.[LABEL.generation] === undefined;

interface Group {
  readonly preferredVersion?: { readonly groupVersion?: string };
}

/** Path of the group in the version that the server prefers. */
const servedVersion = async (
  kube: KubeClient,
  group: string,
  signal: AbortSignal,
): Promise<string | undefined> => {
  try {
    const { preferredVersion } = await kube.request<Group>({ method: "GET", path: `/apis/${group}`, signal });
    return preferredVersion?.groupVersion === undefined
      ? undefined
      : `/apis/${preferredVersion.groupVersion}`;
  } catch (error) {
    if (isKubeError(error, "notFound")) return undefined;
    throw error;
  }
};
