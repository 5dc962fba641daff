import fc from "fast-check";
import { describePlan } from "../../../../core/upgrade/describePlan";
import { type PlannedUp, planUpgrade } from "../../../../core/upgrade/plan";
import type { DesiredCluster, ObservedCluster } from "../../../../core/upgrade/rules";
import { compareMinor, type KubeVersion, parseKubeVersion } from "../../../../core/version/kubeVersion";
import { servedMinor } from "../../../../core/version/poolVersion";
import { CATALOG } from "../../../../data";
import { desire, idAt, ledgerWith, node, observe, stranger } from "./situations";

const plan = (observed: ObservedCluster, desired: DesiredCluster): readonly PlannedUp[] => {
  const planned = planUpgrade(observed, desired, CATALOG);
  if (!planned.ok) throw new Error(JSON.stringify(planned.problems));
  return planned.value;
};
const linesOf = (ups: readonly PlannedUp[]): string[] =>
  describePlan(ups)
    .split("\n")
    .filter(line => !line.includes("config:"));
const refusalOf = (observed: ObservedCluster, desired: DesiredCluster): string[] => {
  const planned = planUpgrade(observed, desired, CATALOG);
  return planned.ok ? [] : planned.problems.map(({ code }) => code);
};

describe("the chain of `up`s", () => {
  it("is empty when the cluster is as wanted", () => {
    expect(
      describePlan(plan(observe({ binary: "1.36.4" }, [node("v1.36.4")]), desire({ version: "1.36" }))),
    ).toBe("nothing to do");
  });

  it("takes one `up` for one minor, the pool in the same", () => {
    expect(plan(observe({ binary: "1.35.8" }, [node("v1.35.8")]), desire({ version: "1.36" }))).toEqual([
      {
        cluster: { version: "1.36", stage: "final" },
        pools: { workers: "1.36" },
        steps: [
          { kind: "raiseControlPlane", from: "1.35", to: "1.36", stage: "final" },
          { kind: "movePool", pool: "workers", from: "1.35.8", to: "1.36" },
        ],
      },
    ]);
  });

  it("moves a pool once over three minors: it may trail meanwhile", () => {
    expect(
      linesOf(plan(observe({ binary: "1.33.13" }, [node("v1.33.13")]), desire({ version: "1.36" }))),
    ).toEqual([
      "up 1",
      "  control plane 1.33 → 1.34",
      "up 2",
      "  control plane 1.34 → 1.35",
      "up 3",
      "  control plane 1.35 → 1.36",
      "  pool workers 1.33.13 → 1.36: a new generation, workloads move",
    ]);
  });

  it("moves a pool early, and as far as it may, only when it would fall out of skew", () => {
    expect(
      linesOf(plan(observe({ binary: "1.33.13" }, [node("v1.32.0")]), desire({ version: "1.36" }))),
    ).toEqual([
      "up 1",
      "  control plane 1.33 → 1.34",
      "up 2",
      "  control plane 1.34 → 1.35",
      "  pool workers 1.32.0 → 1.35: a new generation, workloads move",
      "up 3",
      "  control plane 1.35 → 1.36",
      "  pool workers 1.35 → 1.36: a new generation, workloads move",
    ]);
  });

  it("says in config that pools stay behind while they do", () => {
    const [first] = plan(observe({ binary: "1.34.11" }, [node("v1.34.11")]), desire({ version: "1.36" }));
    expect(first).toMatchObject({ cluster: { version: "1.35" }, pools: { workers: "1.34.11" } });
  });

  it("makes an emulating control plane final alone, and moves pools after it", () => {
    const observed = observe({ binary: "1.36.4", emulated: "1.35" }, [node("v1.35.8")]);
    expect(linesOf(plan(observed, desire({ version: "1.36" })))).toEqual([
      "up 1",
      "  control plane 1.36.4 becomes final: the way back closes",
      "up 2",
      "  pool workers 1.35.8 → 1.36: a new generation, workloads move",
    ]);
  });

  it("goes back nodes first", () => {
    const observed = observe({ binary: "1.36.4", emulated: "1.35" }, [node("v1.36.4")]);
    expect(linesOf(plan(observed, desire({ version: "1.35" })))).toEqual([
      "up 1",
      "  pool workers 1.36.4 → 1.35: a new generation, workloads move",
      "up 2",
      "  control plane back 1.36.4 → 1.35",
    ]);
  });

  it("counts other machines of the same minor as a move", () => {
    const observed = observe({ binary: "1.36.4" }, [node("v1.36.4")], ledgerWith({ workers: idAt("1.36") }));
    const desired = desire({ version: "1.36" }, { workers: { machine: "bigger" } });
    expect(linesOf(plan(observed, desired))).toEqual([
      "up 1",
      "  pool workers 1.36.4 → 1.36: a new generation, workloads move",
    ]);
  });

  it("moves the control plane within its minor when config names another patch", () => {
    expect(
      linesOf(
        plan(
          observe({ binary: "1.36.3" }, [node("v1.36.3")]),
          desire({ version: "1.36.4" }, { workers: { version: "1.36" } }),
        ),
      ),
    ).toEqual(["up 1", "  control plane 1.36.3 → 1.36.4"]);
  });

  it.each([
    ["no cluster", observe(undefined, []), desire({ version: "1.36" }), "Plan.NoCluster"],
    ["a downgrade", observe({ binary: "1.36.4" }, []), desire({ version: "1.35" }), "ControlPlane.Downgrade"],
    [
      "nodes nobody manages",
      observe({ binary: "1.35.8" }, [stranger("v1.32.0")]),
      desire({ version: "1.36" }),
      "Skew.KubeletTooOld",
    ],
  ])("is refused for %s", (...[, observed, desired, code]) => {
    expect(refusalOf(observed, desired)).toContain(code);
  });
});

interface Now {
  readonly binary: KubeVersion;
  readonly served: KubeVersion;
  readonly kubelets: readonly KubeVersion[];
}

const read = (text: string): KubeVersion => {
  const version = parseKubeVersion(text);
  if (!version.ok) throw new Error(text);
  return version.value;
};

/** Walks a plan step by step; each moment of each step is one state, old and new generation side by side included. */
const momentsOf = (start: Now, ups: readonly PlannedUp[], pools: Record<string, string>): Now[] => {
  const moments: Now[] = [start];
  const at = new Map(Object.entries(pools).map(([name, text]) => [name, read(text)]));
  let { binary, served } = start;
  for (const step of ups.flatMap(up => up.steps)) {
    if (step.kind === "movePool") {
      const to = read(step.to);
      moments.push({ binary, served, kubelets: [...at.values(), to] });
      at.set(step.pool, to);
    } else {
      const next = read(step.kind === "makeFinal" ? step.version : step.to);
      const nextServed = step.kind === "makeFinal" ? next : servedMinor(next, step.stage);
      const kubelets = [...at.values()];
      moments.push({
        binary: compareMinor(binary, next) > 0 ? binary : next,
        served: compareMinor(served, nextServed) < 0 ? served : nextServed,
        kubelets,
      });
      [binary, served] = [next, nextServed];
    }
    moments.push({ binary, served, kubelets: [...at.values()] });
  }
  return moments;
};

const minor = (number: number): string => `1.${String(number)}`;
const TRAIL = 3;

/** A healthy cluster of 1.31 to 1.37 with two pools, and a wish within the rules. */
const journey = fc
  .record({
    from: fc.integer({ min: 31, max: 36 }),
    emulating: fc.boolean(),
    climb: fc.integer({ min: 0, max: 6 }),
    back: fc.boolean(),
    stage: fc.constantFrom("emulated", "final"),
    lag: fc.tuple(fc.integer({ min: 0, max: TRAIL }), fc.integer({ min: 0, max: TRAIL })),
    endLag: fc.tuple(fc.integer({ min: 0, max: TRAIL }), fc.integer({ min: 0, max: TRAIL })),
  })
  .map(({ from, emulating, climb, back, stage, lag, endLag }) => {
    const binary = emulating ? from + 1 : from;
    const to = emulating && back ? from : Math.min(37, binary + climb);
    const wantsEmulated = stage === "emulated" && to > binary;
    const served = wantsEmulated ? to - 1 : to;
    const start = lag.map(behind => Math.min(from, Math.max(binary - TRAIL, from - behind)));
    const end = endLag.map(behind => Math.max(to - TRAIL, served - behind));
    return { from, binary, emulating, to, stage: wantsEmulated ? "emulated" : "final", start, end };
  });

type Journey = typeof journey extends fc.Arbitrary<infer T> ? T : never;

const travel = ({ from, binary, emulating, to, stage, start, end }: Journey) => {
  const names = ["apps", "workers"];
  const nodes = names.map((pool, index) => node(`v${minor(start[index] ?? from)}.0`, { pool }));
  const live = { binary: `${minor(binary)}.0`, ...(emulating ? { emulated: minor(from) } : {}) };
  const wanted = Object.fromEntries(names.map((name, index) => [name, { version: minor(end[index] ?? to) }]));
  const parsed = desire({ version: minor(to), stage }, wanted);
  // The lab's own limits are none of a plan's.
  const desired = { ...parsed, cluster: { ...parsed.cluster, cloud: "kubeadm" } };
  const ups = plan(observe(live, nodes), desired);
  const kubelets = start.map(number => read(minor(number)));
  const pools = Object.fromEntries(names.map((name, index) => [name, minor(start[index] ?? from)]));
  return {
    ups,
    moments: momentsOf({ binary: read(minor(binary)), served: read(minor(from)), kubelets }, ups, pools),
    to,
  };
};

describe("in every prefix of every plan, forward and back", () => {
  it("no kubelet is ever newer than the API, or further behind than it may be", () => {
    fc.assert(
      fc.property(journey, given => {
        for (const { binary, served, kubelets } of travel(given).moments) {
          for (const kubelet of kubelets) {
            expect(compareMinor(kubelet, served)).toBeLessThanOrEqual(0);
            expect(binary.minor - kubelet.minor).toBeLessThanOrEqual(TRAIL);
          }
        }
      }),
    );
  });

  it("the control plane never skips a minor", () => {
    fc.assert(
      fc.property(journey, given => {
        const moments = travel(given).moments;
        moments.slice(1).forEach(({ served }, index) => {
          expect(Math.abs(served.minor - (moments[index]?.served.minor ?? 0))).toBeLessThanOrEqual(1);
        });
      }),
    );
  });

  it("it arrives, and an `up` holds one step of the control plane at most", () => {
    fc.assert(
      fc.property(journey, given => {
        const { ups, moments, to } = travel(given);
        expect(moments[moments.length - 1]?.binary.minor).toBe(to);
        for (const { steps } of ups) {
          expect(steps.filter(({ kind }) => kind !== "movePool").length).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it("each pool moves as rarely as any plan could make it", () => {
    fc.assert(
      fc.property(journey, given => {
        const { ups } = travel(given);
        const moves = ups.flatMap(({ steps }) => steps);
        given.start.forEach((start, index) => {
          const pool = index === 0 ? "apps" : "workers";
          const own = moves.filter(step => step.kind === "movePool" && step.pool === pool).length;
          expect(own).toBe(fewestMoves(given, start, given.end[index] ?? start));
        });
      }),
    );
  });
});

/** By trying everything: at each minor of the control plane the pool stays, or goes to any minor that is allowed there. */
const fewestMoves = ({ binary, to }: Journey, start: number, end: number): number => {
  const search = (plane: number, pool: number): number => {
    if (plane >= to) return pool === end ? 0 : 1;
    const stay = plane + 1 - pool <= TRAIL ? search(plane + 1, pool) : Infinity;
    const allowed = Array.from({ length: TRAIL }, (_, behind) => plane - behind);
    return Math.min(stay, ...allowed.map(other => 1 + search(plane + 1, other)));
  };
  return search(binary, start);
};
