import type { NodeFact } from "../facts";
import { describeNames } from "../names";
import { isSelected } from "../scope";
import type { DrainState } from "../state";
import type { Survey } from "../surveyed";
import type { Ailment } from "./ailment";
import type { Reading } from "./gate";

/** One condition in the cluster that forbids evictions while it holds. */
export interface Sentry {
  readonly name: string;
  /** How long it must have been well before evictions go on. */
  readonly steadyMs: number;
  readonly read: (state: DrainState, survey: Survey) => Reading;
}

const OPEN: Reading = { state: "open" };
const closed = (reason: string): Reading => ({ state: "closed", reason });

const ailing = ({ watch }: DrainState, kinds: readonly Ailment["kind"][]): readonly Ailment[] =>
  [...watch.ailing.values()].filter(({ kind }) => kinds.includes(kind));

const describePods = (ailments: readonly Ailment[]): string => describeNames(ailments.map(({ pod }) => pod));

const PENDING_MS = 60_000;

const pending: Sentry = {
  name: "pending pods",
  steadyMs: 15_000,
  read: state => {
    const stuck = ailing(state, ["unschedulable"]).filter(({ since }) => state.now - since > PENDING_MS);
    const [first] = stuck;
    return first === undefined ? OPEN : closed(`no node takes ${describePods(stuck)}: ${first.reason}`);
  },
};

/** A moved workload without a single available pod, or with fewer than our own evictions explain. */
const isDown = (state: DrainState, survey: Survey, workload: string): boolean => {
  const owed = state.settlement.unsettled.get(workload);
  if (owed === undefined) return false;
  const floor = Math.max(1, owed.target - (state.allowances.get(workload) ?? 0));
  return (survey.counts.get(workload)?.available ?? 0) < floor;
};

const isMoved = (state: DrainState, { workload }: Ailment): boolean =>
  workload !== undefined && state.targets.has(workload);

const regression: Sentry = {
  name: "readiness of what moved",
  steadyMs: 15_000,
  read: (state, survey) => {
    const sick = ailing(state, ["trouble", "fallen"]).filter(ailment => isMoved(state, ailment));
    const [first] = sick;
    if (first === undefined) return OPEN;
    if (sick.length < 2 && !isDown(state, survey, first.workload ?? "")) return OPEN;
    return closed(`${describePods(sick)}: ${first.reason}`);
  },
};

/** After this long the cluster itself has moved the pods of a lost node: the node is capacity that is gone. */
const NODE_GONE_MS = 5 * 60_000;

const isLost = (state: DrainState, node: NodeFact): boolean => {
  const since = state.watch.unreadySince.get(node.name);
  return since !== undefined && state.now - since < NODE_GONE_MS;
};

const greenNodes: Sentry = {
  name: "other nodes",
  steadyMs: 30_000,
  read: state => {
    const lost = [...state.watch.unreadySince.keys()].filter(name => {
      const node = state.world.nodes.get(state.world.nodeNames.get(name) ?? "");
      return node !== undefined && !isSelected(node, state.spec.nodes) && isLost(state, node);
    });
    return lost.length === 0 ? OPEN : closed(`${describeNames(lost)} went away`);
  },
};

const PREEMPTION_SHOWS_MS = 10_000;

const preemption: Sentry = {
  name: "preemption",
  steadyMs: 30_000,
  read: ({ watch, now }) =>
    watch.preemptedAt > 0 && now - watch.preemptedAt < PREEMPTION_SHOWS_MS
      ? closed("pods had to make room for others")
      : OPEN,
};

/** Answers in a row that told of pressure, after which a pause helps more than fewer calls. */
const STRAINED = 5;
const RELIEF_MS = 10_000;

const apiPressure: Sentry = {
  name: "API server",
  steadyMs: RELIEF_MS,
  read: ({ pressure, now }) =>
    pressure.strained >= STRAINED && now - pressure.slowedAt < RELIEF_MS
      ? closed(`${pressure.strained} answers in a row told of pressure`)
      : OPEN,
};

export const SENTRIES: readonly Sentry[] = [pending, regression, greenNodes, preemption, apiPressure];
