import type { BudgetFact, PodFact } from "../../../../../core/drain/facts";
import {
  type GovernedWorkload,
  judgeBudget,
  judgeManyBudgets,
} from "../../../../../core/drain/plan/budgetVerdicts";
import { budget, pod } from "../../../../support/drainSimulator/builders";

const NOW = 1_000_000;
const deployment: GovernedWorkload = { namespace: "shop", kind: "Deployment", name: "web", desired: 3 };
const judge = (
  fact: Partial<BudgetFact>,
  moving: readonly PodFact[] = [pod("web-1")],
  workloads: readonly GovernedWorkload[] = [deployment],
) => judgeBudget(budget(fact), { now: NOW, moving, workloads });

const FULL = { allowed: 0, expected: 3, healthy: 3, needed: 3 };
const broken = pod("sick", { ready: false, createdAt: NOW - 61_000 });
const starting = pod("young", { ready: false, createdAt: NOW - 59_000 });

it.each([
  ["lets one go", {}, "OK"],
  ["is busy while a replica is missing", { allowed: 0, expected: 3, healthy: 2 }, "BUSY"],
  ["is busy while an evicted pod is on its way", { ...FULL, needed: 2, disruptedPods: ["web-2"] }, "BUSY"],
  ["is busy while its newest spec is not counted", { ...FULL, observed: false }, "BUSY"],
  ["holds all for ever when all are healthy", FULL, "BLOCKED_BY_SPEC"],
  ["#80 forbids all, healthy or not", { ...FULL, healthy: 1, maxUnavailable: 0 }, "BLOCKED_BY_SPEC"],
  ["forbids all by a share of nothing", { ...FULL, healthy: 1, maxUnavailable: "0%" }, "BLOCKED_BY_SPEC"],
  ["needs all of them", { ...FULL, healthy: 1, minAvailable: "100%" }, "BLOCKED_BY_SPEC"],
  ["needs as many as there are to be", { ...FULL, healthy: 1, minAvailable: 3 }, "BLOCKED_BY_SPEC"],
  ["needs fewer than there are to be", { ...FULL, healthy: 1, minAvailable: 2 }, "BUSY"],
  ["cannot be counted", { ...FULL, syncFailed: "no scale" }, "SYNC_FAILED"],
] as const)("%s", (_title, fact, code) => {
  expect(judge(fact).code).toBe(code);
});

it("tells pods that are broken from pods that start", () => {
  const low = { allowed: 0, expected: 3, healthy: 1, needed: 2 };
  expect(judge(low, [broken]).code).toBe("UNHEALTHY_DEADLOCK");
  expect(judge(low, [starting]).code).toBe("BUSY");
  expect(judge({ ...low, alwaysAllowUnhealthy: true }, [broken]).code).toBe("BUSY");
  expect(judge({ ...low, healthy: 2 }, [broken]).code).toBe("BUSY");
  expect(judge(low, [broken]).message).toContain("shop/sick are not Ready");
});

it("does not count on wishes that it does not know", () => {
  const known = judge({ ...FULL, healthy: 2, minAvailable: 3 });
  const { desired: _desired, ...unknown } = deployment;
  expect(known.code).toBe("BLOCKED_BY_SPEC");
  expect(judge({ ...FULL, healthy: 2, minAvailable: 3 }, [], [deployment, unknown]).code).toBe("BUSY");
});

it("shows one budget for many workloads, with its numbers", () => {
  const verdict = judge({}, [pod("a"), pod("b")], [{ ...deployment, name: "zoo" }, deployment]);
  expect(verdict).toMatchObject({
    code: "SHARED",
    budget: "PDB shop/web",
    pods: 2,
    allowed: 1,
    needs: 2,
    has: 3,
    expected: 3,
    workloads: ["Deployment shop/web", "Deployment shop/zoo"],
  });
});

it.each([
  ["a fixed number of a Deployment: surge or restart", { minAvailable: 3 }, deployment, /surge.*restart/],
  ["a share of a Deployment: restart only", { minAvailable: "100%" }, deployment, /^allow a rollout restart/],
  ["a number that may be down: restart only", { maxUnavailable: 0 }, deployment, /^allow a rollout restart/],
  ["a StatefulSet: downtime only", { minAvailable: 3 }, { ...deployment, kind: "StatefulSet" }, /^accept/],
] as const)("offers the way out that helps: %s", (...[, fact, owner, fix]) => {
  expect(judge({ ...FULL, ...fact }, [], [owner]).fix).toMatch(fix);
});

it("names all PDBs that select the same pod", () => {
  const facts = [budget({ name: "web" }), budget({ name: "all" })];
  expect(judgeManyBudgets(facts, { now: NOW, moving: [pod("a")], workloads: [] })).toMatchObject({
    code: "MULTIPLE_PDBS",
    budget: "PDB shop/all + PDB shop/web",
    pods: 1,
  });
});
