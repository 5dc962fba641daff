import fc from "fast-check";
import { type ChainTerm, lowerBound } from "../../../../core/drain/lowerBound";
import { simulate } from "../../../support/drainSimulator/run";
import { CALM, type SimulatedWorkload } from "../../../support/drainSimulator/scenario";

const term = (more: Partial<ChainTerm>): ChainTerm => ({
  name: "web",
  pods: 10,
  limit: 1,
  graceMs: 5_000,
  startMs: 8_000,
  serial: false,
  ...more,
});

it.each([
  ["one at a time", {}, 77_000],
  ["one ahead", { surge: 1 }, 45_000],
  ["three ahead", { surge: 3 }, 29_000],
  ["nine ahead", { surge: 9 }, 13_000],
  ["successors only after the end", { serial: true }, 122_000],
  ["nothing to move", { pods: 0 }, 0],
] as const)("of ten pods, %s", (_title, more, ms) => {
  expect(lowerBound([term(more)]).ms).toBe(ms);
});

it("names what binds", () => {
  expect(lowerBound([term({ pods: 2_000, limit: 1_000 })], { controllerWrites: 20 })).toEqual({
    ms: 300_000,
    binding: "controller writes",
  });
  expect(lowerBound([term({}), term({ name: "db", pods: 12 })]).binding).toBe("db");
  expect(lowerBound([])).toEqual({ ms: 0, binding: "nothing to move" });
});

const OVERHEAD_MS = 200;

/** Pods of one Deployment whose budget lets `down` go at once. */
const workload = (name: string, replicas: number, down: number): SimulatedWorkload => ({
  name,
  kind: "Deployment",
  replicas,
  budget: { maxUnavailable: down },
  graceMs: 5_000,
  startMs: 8_000,
});

it("is met within a tenth by the engine, where budgets bind and nothing disturbs (simulated)", () => {
  const sizes = fc.array(fc.tuple(fc.integer({ min: 2, max: 10 }), fc.integer({ min: 1, max: 2 })), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(sizes, given => {
      const workloads = given.map(([replicas, down], index) => workload(`app-${index}`, replicas, down));
      const terms = given.map(([pods, limit], index) => term({ name: `app-${index}`, pods, limit }));
      const bound = lowerBound(terms, { overheadMs: OVERHEAD_MS }).ms;
      expect(simulate({ ...CALM, workloads }).makespanMs).toBeLessThanOrEqual(bound * 1.1);
    }),
    { numRuns: 40 },
  );
});
