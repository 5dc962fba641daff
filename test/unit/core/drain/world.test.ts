import { pdbFact, pdbKey } from "../../../../core/drain/budgets";
import type { Change } from "../../../../core/drain/facts";
import {
  applyChanges,
  emptyWorld,
  workloadCalled,
  workloadKey,
  type World,
} from "../../../../core/drain/world";
import { budget, node, set, workload } from "../../../support/drainSimulator/builders";

const see = (...changes: readonly Change[]): World => applyChanges(emptyWorld(), changes);
const gone = (kind: "budget" | "workload" | "node", uid: string): Change => ({ type: "gone", kind, uid });

const budgets = { first: budget({ uid: "first" }), second: budget({ uid: "second" }) };
const workloads = { first: workload(3, { uid: "first" }), second: workload(3, { uid: "second" }) };
const nodes = { first: node("blue-0", { uid: "first" }), second: node("blue-0", { uid: "second" }) };

/** uid of what bears the name now. */
const bearers = (world: World): readonly (string | undefined)[] => [
  pdbFact(world, pdbKey(budgets.first))?.uid,
  workloadCalled(workloadKey(workloads.first), world)?.uid,
  world.nodeNames.get("blue-0"),
];

const made = [set.budget(budgets.first), set.workload(workloads.first), set.node(nodes.first)];
const madeAgain = [set.budget(budgets.second), set.workload(workloads.second), set.node(nodes.second)];
const firstGone = [gone("budget", "first"), gone("workload", "first"), gone("node", "first")];

describe("an object that is made again under its name", () => {
  it("bears it, when the end of the one before is told late", () => {
    expect(bearers(see(...made, ...madeAgain, ...firstGone))).toEqual(["second", "second", "second"]);
  });

  it("bears it, when the end of the one before is told first", () => {
    expect(bearers(see(...made, ...firstGone, ...madeAgain))).toEqual(["second", "second", "second"]);
  });

  it("leaves the name to nobody when it is not made again", () => {
    expect(bearers(see(...made, ...firstGone))).toEqual([undefined, undefined, undefined]);
  });
});
