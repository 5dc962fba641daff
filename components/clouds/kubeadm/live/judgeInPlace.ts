import type { AcceptedOutage, Protection } from "../../../../core/config";
import { matchesLabels } from "../../../../core/drain/labels";
import { matchesNode } from "../../../../core/drain/placement";
import { repellingTaints } from "../../../../core/drain/tolerations";
import type { Problem } from "../../../../core/problem";
import { type BudgetView, isVirtual, type NodeView, type PodView } from "../../../../kube";
import { awayWithoutWord, type Lost, notEvicted, sayAccepted, workloadOf } from "./sayInPlace";

/** One machine that is about to be drained where it stands, and all that the cluster has. */
export interface InPlace {
  readonly machine: string;
  readonly nodes: readonly NodeView[];
  readonly pods: readonly PodView[];
  readonly budgets: readonly BudgetView[];
}

export interface Accepted {
  readonly outage: AcceptedOutage | undefined;
  /** "2026-12-31" */
  readonly today: string;
}

export interface InPlaceFindings {
  readonly problems: readonly Problem[];
  /** What will be away all the same, since somebody accepted it. */
  readonly told: readonly string[];
}

const hasEnded = ({ phase, deletionTimestamp }: PodView): boolean =>
  phase === "Succeeded" || phase === "Failed" || deletionTimestamp !== undefined;

/** Those that a drain takes away: k8s.io/kubectl, pkg/drain/filters.go. */
const isDrained = (pod: PodView): boolean =>
  !pod.mirror && !hasEnded(pod) && pod.owner?.kind !== "DaemonSet" && pod.owner?.kind !== "Node";

/** By what is written on both; room is not counted. */
const mayRunOn = (pod: PodView, node: NodeView): boolean =>
  node.ready &&
  !node.unschedulable &&
  !isVirtual(node) &&
  repellingTaints(pod.tolerations, node.taints).length === 0 &&
  matchesNode(pod, node);

const hasAnotherPlace = (pod: PodView, { machine, nodes }: InPlace): boolean =>
  nodes.some(node => node.name !== machine && mayRunOn(pod, node));

const isCovered = (pod: PodView, budget: BudgetView): boolean =>
  budget.namespace === pod.namespace && matchesLabels(budget.selector, pod.labels);

/** No waiting opens it: all its pods are healthy and none may go. */
const isShut = ({ disruptionsAllowed, currentHealthy, expectedPods }: BudgetView): boolean =>
  disruptionsAllowed === 0 && currentHealthy >= expectedPods;

/**
 * A budget lets go of as many as it allows. What takes their place counts only once it is Ready, which elsewhere it
 * becomes and with no other place it does not.
 */
const stopsDrain = (budget: BudgetView, leaving: readonly PodView[], site: InPlace): boolean => {
  const covered = leaving.filter(pod => isCovered(pod, budget));
  if (covered.length === 0) return false;
  const stranded = covered.filter(pod => !hasAnotherPlace(pod, site));
  return stranded.length > 0 ? covered.length > budget.disruptionsAllowed : isShut(budget);
};

const lostBy = (leaving: readonly PodView[], site: InPlace): readonly Lost[] => {
  const shut = site.budgets.filter(budget => stopsDrain(budget, leaving, site));
  return leaving.flatMap(pod => {
    const workload = workloadOf(pod);
    const of = (protection: Protection, why: string): Lost => ({ workload, protection, why });
    const budgets = shut.filter(budget => isCovered(pod, budget));
    return [
      ...budgets.map(({ name, disruptionsAllowed }) =>
        of("budget", `its budget ${name} allows ${disruptionsAllowed} of the pods that have to go`),
      ),
      ...(pod.volumes.emptyDir ? [of("localData", "it has an emptyDir, whose data is lost")] : []),
      ...(pod.owner === undefined ? [of("noController", "nobody makes its pod again")] : []),
    ];
  });
};

/** One of each: ten pods of a workload are one thing to accept. */
const unique = (lost: readonly Lost[]): readonly Lost[] => [
  ...new Map(lost.map(one => [`${one.workload} ${one.protection}`, one])).values(),
];

/** What stands against draining the machine where it stands, and what of it was accepted until this day. */
export const judgeInPlace = (site: InPlace, { outage, today }: Accepted): InPlaceFindings => {
  const { machine } = site;
  const leaving = site.pods.filter(pod => pod.node === machine && isDrained(pod));
  const away = leaving.filter(pod => !hasAnotherPlace(pod, site));
  const valid = outage !== undefined && today <= outage.until ? outage : undefined;
  const lost = unique(lostBy(leaving, site));
  const isAccepted = ({ workload, protection }: Lost): boolean =>
    valid?.disregard[workload]?.includes(protection) === true;
  const gone = { machine, away, alone: site.nodes.length === 1, outage };
  return {
    problems: [
      ...(away.length === 0 || valid !== undefined ? [] : [awayWithoutWord(gone)]),
      ...lost.filter(one => !isAccepted(one)).map(one => notEvicted(machine, one)),
    ],
    told: valid === undefined ? [] : sayAccepted(gone, lost.filter(isAccepted)),
  };
};
