import { type ChainTerm, type LowerBound, lowerBound } from "../../core/drain/lowerBound";
import { syntheticLimit } from "../../core/drain/workloads";
import { type BudgetView, collectionPath, KINDS, listAll, listBudgets } from "../../kube";
import { SIMULATE } from "../../lab";
import type { Arena, Round } from "./arena";

interface RawPod {
  readonly metadata: {
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly kind: string }[];
  };
  readonly spec: { readonly nodeName?: string };
  readonly status?: { readonly phase?: string };
}

const MS = /^(\d+)(ms|s|m)$/;
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 };

const delayOf = (pod: RawPod, key: string): number => {
  const [, count = "0", unit = "ms"] = MS.exec(pod.metadata.annotations?.[key] ?? "") ?? [];
  return Number(count) * (UNITS[unit] ?? 1);
};

const kindOf = (pod: RawPod): string => pod.metadata.ownerReferences?.[0]?.kind ?? "";

const termOf = (name: string, pods: readonly RawPod[], budgets: readonly BudgetView[]): ChainTerm[] => {
  const [sample] = pods;
  if (sample === undefined) return [];
  const budget = budgets.find(one => one.name === name && one.namespace === sample.metadata.namespace);
  const kind = kindOf(sample);
  return [
    {
      name,
      pods: pods.length,
      limit: budget?.disruptionsAllowed ?? syntheticLimit(kind, pods.length),
      graceMs: delayOf(sample, SIMULATE.stopDelay),
      startMs: delayOf(sample, SIMULATE.startDelay) + delayOf(sample, SIMULATE.readyDelay),
      serial: kind === "StatefulSet",
    },
  ];
};

/**
 * T* of this round: from the pods that are to move, the room that their budgets have at the start (synthetic ones where
 * there is none), and the times that the simulation gives each pod. Nothing is added for the platform's own delays.
 */
export const boundOf = async ({ kube, bench: { signal } }: Arena, round: Round): Promise<LowerBound> => {
  const budgets = await listBudgets(kube, { signal });
  const { items } = await listAll<RawPod>(kube, collectionPath(KINDS.pods), { signal });
  const moving = items.filter(
    pod =>
      round.nodes.includes(pod.spec.nodeName ?? "") &&
      pod.status?.phase === "Running" &&
      !["DaemonSet", "Job"].includes(kindOf(pod)),
  );
  const names = [...new Set(moving.map(pod => pod.metadata.labels?.["app"] ?? ""))];
  const terms = names.flatMap(name =>
    termOf(
      name,
      moving.filter(pod => pod.metadata.labels?.["app"] === name),
      budgets,
    ),
  );
  return lowerBound(terms);
};
