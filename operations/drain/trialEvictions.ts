import type { Answer } from "../../core/drain/answers";
import type { PodFact } from "../../core/drain/facts";
import { judgePod } from "../../core/drain/filters";
import { compareText } from "../../core/drain/scope";
import type { DrainRules } from "../../core/drain/state";
import { fullName } from "../../core/drain/world";
import { collectionPath, evictPod, KINDS, type KubeClient, listProjected } from "../../kube";
import { readPodFact } from "./facts";

/** What the server said to one eviction that was not to happen. */
export interface Trial {
  /** `namespace/name` of the one pod that stood for its workload. */
  readonly pod: string;
  /** As its owner reference says it: `ReplicaSet web-5d4`. */
  readonly owner: string;
  /** `now`: it would go at once; `waits`: its budget has no room at present; `refused`: it never would. */
  readonly verdict: "now" | "waits" | "refused" | "unclear";
  /** The server's words; empty when it would go. */
  readonly message: string;
}

export interface TrialWanted {
  readonly nodes: readonly string[];
  readonly rules: DrainRules;
  readonly now: number;
  readonly signal?: AbortSignal;
}

const AT_ONCE = 10;

type Said = Pick<Trial, "verdict" | "message">;

const saidBy = (answer: Answer): Said => {
  switch (answer.kind) {
    case "accepted":
    case "gone":
    case "changed":
    case "stale":
      return { verdict: "now", message: "" };
    case "budgetFull":
      return { verdict: "waits", message: answer.message };
    case "budgetBehind":
      return { verdict: "waits", message: "its budget has not been counted yet" };
    case "manyBudgets":
      return { verdict: "refused", message: "the API server evicts no pod with several PDBs" };
    case "refused":
      return { verdict: "refused", message: answer.message };
    case "throttled":
      return { verdict: "unclear", message: "the API server is too busy to answer" };
    case "later":
      return { verdict: "unclear", message: answer.reason };
  }
};

const ownerOf = ({ owner }: PodFact): string =>
  owner === undefined ? "no controller" : `${owner.kind} ${owner.name}`;

/** One for each owner: the first Ready one by name, since a pod that is not Ready is asked about by other rules. */
const oneForEach = (pods: readonly PodFact[]): readonly PodFact[] => {
  const sorted = [...pods].sort(
    (a, b) => Number(b.ready) - Number(a.ready) || compareText(fullName(a), fullName(b)),
  );
  return [...Map.groupBy(sorted, pod => pod.owner?.uid ?? pod.uid).values()].flatMap(([pod]) => pod ?? []);
};

const tryPod = async (kube: KubeClient, pod: PodFact, signal: AbortSignal | undefined): Promise<Trial> => {
  const { namespace, name, uid } = pod;
  const answer = await evictPod(kube, { namespace, name, uid, dryRun: true, signal });
  return { pod: fullName(pod), owner: ownerOf(pod), ...saidBy(answer) };
};

/**
 * Asks the server to evict one pod of each workload without doing it. Finds admission webhooks, missing permissions and
 * pods with several budgets; says nothing about how many may go, because a dry run takes no slot.
 */
export const tryEvictions = async (kube: KubeClient, wanted: TrialWanted): Promise<readonly Trial[]> => {
  const { nodes, rules, now, signal } = wanted;
  const { items } = await listProjected(kube, {
    path: collectionPath(KINDS.pods),
    project: readPodFact,
    signal,
  });
  const on = new Set(nodes);
  const movable = items.filter(
    pod => on.has(pod.node ?? "") && judgePod(pod, { now, rules, cordon: true }).kind === "move",
  );
  const chosen = [...oneForEach(movable)].sort((a, b) => compareText(fullName(a), fullName(b)));
  const trials: Trial[] = [];
  for (let start = 0; start < chosen.length; start += AT_ONCE) {
    const batch = chosen.slice(start, start + AT_ONCE);
    trials.push(...(await Promise.all(batch.map(pod => tryPod(kube, pod, signal)))));
  }
  return trials;
};
