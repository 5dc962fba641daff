import fc from "fast-check";
import { simulate } from "../../../support/drainSimulator/run";
import { CALM, type Scenario, type SimulatedWorkload } from "../../../support/drainSimulator/scenario";

const workload = (name: string): fc.Arbitrary<SimulatedWorkload> =>
  fc
    .record({
      kind: fc.constantFrom("Deployment" as const, "StatefulSet" as const),
      replicas: fc.integer({ min: 1, max: 9 }),
      graceMs: fc.integer({ min: 0, max: 20 }).map(seconds => seconds * 500),
      startMs: fc.integer({ min: 1, max: 20 }).map(seconds => seconds * 500),
      down: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
      integer: fc.boolean(),
    })
    .map(({ down, integer, ...rest }) => {
      const maxUnavailable = Math.min(down ?? 1, rest.replicas);
      const budget = integer ? { minAvailable: rest.replicas - maxUnavailable } : { maxUnavailable };
      return { name, ...rest, ...(down === undefined ? {} : { budget }) };
    });

const workloads = fc
  .integer({ min: 1, max: 6 })
  .chain(count => fc.tuple(...Array.from({ length: count }, (_, index) => workload(`app-${index}`))));

const scenario = (faults: number): fc.Arbitrary<Scenario> =>
  fc
    .record({
      seed: fc.nat(),
      blue: fc.integer({ min: 1, max: 6 }),
      workloads,
      watchLagMs: fc.integer({ min: 0, max: 300 }),
      callMs: fc.integer({ min: 2, max: 400 }),
    })
    .map(drawn => ({ ...CALM, ...drawn, faults }));

const settings = { numRuns: Number(process.env["DRAIN_RUNS"] ?? 60) };

const expectMoved = (given: Scenario): void => {
  const run = simulate(given);
  expect(run.violations).toEqual([]);
  expect(run.outcome?.kind).toBe("drained");
  expect(run.left).toEqual([]);
};

describe("a drain, whatever the cluster looks like", () => {
  it("moves every pod once, from blue only, few evictions in flight per budget, never below a floor (I1, I2, I3, I5)", () => {
    fc.assert(fc.property(scenario(0), expectMoved), settings);
  });

  it("keeps these promises when calls are throttled, time out, or lose their answer before or after the commit", () => {
    fc.assert(fc.property(scenario(0.3), expectMoved), settings);
  });

  it("sends no eviction while a guard is closed, and goes on when it opens (I4)", () => {
    const closed = fc
      .tuple(fc.nat(20_000), fc.integer({ min: 1, max: 60_000 }))
      .map(([from, length]) => ({ from, to: from + length }));
    const held = fc.tuple(scenario(0.1), closed).map(([given, span]) => ({ ...given, closed: span }));
    fc.assert(fc.property(held, expectMoved), settings);
  });

  it("ends in the same state when it is killed at any moment and started again, without extra disruption (I8)", () => {
    const kills = fc.array(fc.nat(40_000), { minLength: 1, maxLength: 3 });
    const killed = fc.tuple(scenario(0.1), kills).map(([given, moments]) => ({ ...given, kills: moments }));
    fc.assert(fc.property(killed, expectMoved), settings);
  });

  it("sends hardly more evictions than pods when nobody disturbs it (I9)", () => {
    fc.assert(
      fc.property(scenario(0), given => {
        const pods = given.workloads.reduce((sum, { replicas }) => sum + replicas, 0);
        expect(simulate(given).posts).toBeLessThanOrEqual(Math.ceil(pods * 1.1));
      }),
      settings,
    );
  });
});
