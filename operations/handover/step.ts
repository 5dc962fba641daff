import { demandOf, lacking, nameOf, twice } from "../../core/handover/inventory";
import type { Side } from "../../core/handover/record";
import { judgeWeight } from "../../core/handover/weight";
import { type Problem, ProblemError } from "../../core/problem";
import { clusterUid, type KubeClient } from "../../kube";
import type { Ports } from "../ports";
import { type Look, waitFor } from "../wait";
import { readInventory, readRecurring } from "./inventory";
import { type Clusters, type Pair, readStanding, type Standing, writeStanding } from "./records";
import { openRestores } from "./restores";

export type HandoverPorts = Omit<Ports, "kube"> & { readonly clusters: Clusters };

export interface StepWanted {
  readonly handover: string;
  readonly namespaces: readonly string[];
  /** Percent that green shall carry. */
  readonly weight: number;
  readonly steps: readonly number[];
  readonly timeoutSeconds: number;
}

export interface StepFound {
  /** Percent that green was seen to carry well before. */
  readonly from: number;
  readonly to: number;
}

/** What config wants against what the clusters record, before anything changes. */
export const checkStep = async (
  clusters: Clusters,
  wanted: Asked & Pick<StepWanted, "handover">,
  signal: AbortSignal,
): Promise<readonly Problem[]> =>
  judgeStep(clusters, wanted, await readStanding({ handover: wanted.handover, clusters }, signal));

type Asked = Pick<StepWanted, "weight" | "steps">;

const judgeStep = (
  clusters: Clusters,
  { weight, steps }: Asked,
  standing: Standing | undefined,
): readonly Problem[] => {
  const proven = Math.min(standing?.weight ?? 0, standing?.moving ?? standing?.weight ?? 0);
  return [
    ...judgeWeight({ proven, wanted: weight, steps }),
    ...absentSides(clusters, { before: standing, weight }),
  ];
};

/** A cluster that is not there may have had no traffic, and is given none. */
const absentSides = (
  clusters: Clusters,
  { before, weight }: { readonly before: Standing | undefined; readonly weight: number },
): readonly Problem[] => {
  const shares: Record<Side, number> = {
    blue: Math.max(100 - weight, 100 - (before?.weight ?? 0)),
    green: Math.max(weight, before?.weight ?? 0),
  };
  return (["blue", "green"] as const)
    .filter(side => clusters[side] === "absent" && shares[side] > 0)
    .map(side => ({
      code: "Handover.NoCluster",
      path: `handover.${side}`,
      message: `there is no such cluster, and it carries ${String(shares[side])} % of the traffic now or shall`,
      fix: `make it first, or set handover.weight to "${side === "green" ? "0%" : "100%"}"`,
    }));
};

/**
 * Waits until the side that is given more can carry it, then records that a step is under way: from here on neither
 * cluster counts as free of traffic. Routes may change afterwards.
 */
export const prepareStep = async (
  ports: HandoverPorts,
  wanted: StepWanted,
  signal: AbortSignal,
): Promise<StepFound> => {
  const pair: Pair = { handover: wanted.handover, clusters: ports.clusters };
  const known = await readStanding(pair, signal);
  const problems = judgeStep(ports.clusters, wanted, known);
  if (problems.length > 0) throw new ProblemError("handover refused", problems);
  const before = known ?? (await beginning(ports, wanted, signal));
  const found = { from: before.weight, to: wanted.weight };
  if (known !== undefined && isSettled(known, wanted.weight)) return found;
  await waitFor(() => lookAtSide(ports, { wanted, before }, signal), {
    now: ports.now,
    log: ports.log,
    signal,
    deadlineSeconds: wanted.timeoutSeconds,
    problem: missing => notReady(gaining(before, wanted.weight), missing),
  });
  await tellTwice(ports, wanted, signal);
  await writeStanding(pair, { ...before, moving: wanted.weight }, signal);
  return found;
};

const isSettled = ({ weight, moving }: Standing, wanted: number): boolean =>
  moving === undefined && weight === wanted;

/** Traffic is split by weights; work that starts by the clock is not. */
const tellTwice = async (
  { clusters, log }: HandoverPorts,
  { namespaces, weight }: StepWanted,
  signal: AbortSignal,
): Promise<void> => {
  const { blue, green } = clusters;
  if (weight === 0 || blue === "absent" || green === "absent") return;
  const read = [blue, green].map(kube => readRecurring(kube, namespaces, signal));
  const [ofBlue = [], ofGreen = []] = await Promise.all(read);
  for (const name of twice(ofBlue, ofGreen))
    log(`warning: ${name} starts its work in both clusters; suspend it in one of them`);
};

/** Whom the step gives more. A step that goes on is judged as it was begun. */
const gaining = ({ weight, moving = weight }: Standing, wanted: number): Side =>
  wanted < Math.max(weight, moving) ? "blue" : "green";

const beginning = async (
  { clusters }: HandoverPorts,
  { namespaces }: StepWanted,
  signal: AbortSignal,
): Promise<Standing> => {
  const uid = async (side: Side): Promise<string> => {
    const kube = clusters[side];
    return kube === "absent" ? "" : clusterUid(kube, { signal });
  };
  const [blue, green, inventory] = await Promise.all([
    uid("blue"),
    uid("green"),
    clusters.blue === "absent" ? [] : readInventory(clusters.blue, namespaces, signal),
  ]);
  return { pair: { blue, green }, weight: 0, demand: demandOf(inventory) };
};

interface Judged {
  readonly wanted: StepWanted;
  readonly before: Standing;
}

const lookAtSide = async (
  { clusters }: HandoverPorts,
  { wanted, before }: Judged,
  signal: AbortSignal,
): Promise<Look<true>> => {
  const side = gaining(before, wanted.weight);
  const percent = side === "green" ? wanted.weight : 100 - wanted.weight;
  const kube = clusters[side];
  if (kube === "absent" || percent === 0) return { done: true };
  const [must, found, restores] = await Promise.all([
    mustHave({ side, blue: clusters.blue, before }, wanted.namespaces, signal),
    readInventory(kube, wanted.namespaces, signal),
    side === "green" ? openRestores(kube, wanted.namespaces, signal) : [],
  ]);
  const lacks = [...restores, ...lacking(must, found, { percent, demand: before.demand })];
  if (lacks.length === 0) return { done: true };
  return { missing: `${lacks.slice(0, 5).join("; ")}${more(lacks.length - 5)}` };
};

const more = (count: number): string => (count > 0 ? `; and ${String(count)} more` : "");

/** Green must have all that blue has; blue, on the way back, what carried everything when the handover began. */
const mustHave = async (
  {
    side,
    blue,
    before,
  }: { readonly side: Side; readonly blue: KubeClient | "absent"; readonly before: Standing },
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> => {
  if (side === "blue" || blue === "absent") return Object.keys(before.demand);
  return (await readInventory(blue, namespaces, signal))
    .filter(({ waits }) => waits === undefined)
    .map(nameOf);
};

const notReady = (side: Side, missing: string): Problem => ({
  code: "Handover.NotReady",
  path: `handover.${side}`,
  message: `${side} can't carry its share yet; still waiting for ${missing}`,
  fix:
    side === "green"
      ? "bring it there (restore it with Velero, or let GitOps deliver it), then run `pulumi up` again; no traffic was moved"
      : "bring blue's workloads back first, then run `pulumi up` again; no traffic was moved",
});
