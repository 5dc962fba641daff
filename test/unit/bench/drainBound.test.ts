import { boundOf } from "../../../bench/drain/bound";
import { podsOf, roomOf, type Workload } from "../../../bench/drain/scenario";
import { FULL, hasten, QUICK, scenariosAt } from "../../../bench/drain/scenarios";

const workload = (over: Partial<Workload>): Workload => ({
  name: "web-0",
  kind: "Deployment",
  replicas: 10,
  pace: { startMs: 2_000, readyMs: 2_000, stopMs: 3_000 },
  budgets: [],
  cpuMillis: 50,
  ...over,
});

describe("the room of a workload", () => {
  it.each([
    ["no budget", [], undefined],
    ["maxUnavailable", [{ maxUnavailable: 2 }], 2],
    ["minAvailable", [{ minAvailable: 9 }], 1],
    ["minAvailable above the replicas", [{ minAvailable: 12 }], 0],
    ["a share, rounded up", [{ maxUnavailable: "25%" as const }], 3],
    ["the tightest of several", [{ maxUnavailable: 3 }, { maxUnavailable: 1 }], 1],
  ])("%s", (_what, budgets, room) => {
    expect(roomOf(workload({ budgets }))).toBe(room);
  });
});

describe("T* of the scenarios", () => {
  const boundAt = (scale: number, name: string) => {
    const scenario = scenariosAt(scale).find(one => one.name === name);
    if (scenario === undefined) throw new Error(`no scenario ${name}`);
    const { ms, binding } = boundOf(scenario);
    return { seconds: ms / 1_000, binding };
  };

  it.each([
    // (rounds - 1) × (start + ready) + stop
    ["floor", 7 * 6 + 3, "shop"],
    ["S1", 4 * 4 + 3, "web"],
    ["S2", 4 * 4 + 3, "api"],
    ["S3", 3 * 4 + 3, "huge"],
    // One after another, and each successor only after its predecessor's end.
    ["S4", 2 * 7 + 3, "db"],
    ["S5", 3 * 4 + 3, "free"],
  ])("%s: %d s, bound by %s", (name, seconds, binding) => {
    expect(boundAt(1, name)).toEqual({ seconds, binding });
  });

  it("is the same at every scale where workloads only get fewer", () => {
    expect(boundAt(0.25, "S1")).toEqual(boundAt(1, "S1"));
    expect(boundAt(0.25, "S2")).toEqual(boundAt(1, "S2"));
  });

  it("is half of it in haste, with the same pods", () => {
    for (const scenario of scenariosAt(1)) {
      const hurried = hasten(scenario);
      expect(boundOf(hurried).ms).toBe(boundOf(scenario).ms / 2);
      expect(podsOf(hurried)).toBe(podsOf(scenario));
    }
  });

  it("keeps a synthetic budget where nobody wrote one, and leaves out what cannot be moved", () => {
    const scenario = {
      name: "x",
      title: "",
      nodes: 1,
      deadlineSeconds: 1,
      judgedByBound: true,
      workloads: [
        workload({ replicas: 8 }),
        workload({ name: "stuck", replicas: 100, budgets: [{ maxUnavailable: 0 }], blocked: true }),
      ],
    };
    // A quarter of eight at once: four rounds.
    expect(boundOf(scenario)).toEqual({ ms: 3 * 4_000 + 3_000, binding: "web" });
  });
});

describe("the table of scenarios", () => {
  it("has every name once, and runs only known ones by default", () => {
    const names = scenariosAt(1).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining([...QUICK, ...FULL]));
    expect(FULL).not.toContain("S7");
  });

  it("reaches a thousand nodes and thirty thousand pods by name", () => {
    const S7 = scenariosAt(1).find(({ name }) => name === "S7");
    expect([S7?.nodes, S7 && podsOf(S7)]).toEqual([1_000, 30_000]);
  });

  it.each([0.1, 0.25, 1, 2])("fits every pod on one side, at scale %d", scale => {
    for (const { name, nodes, workloads } of scenariosAt(scale)) {
      const pods = workloads.reduce((sum, { replicas }) => sum + replicas, 0);
      const cpu = workloads.reduce((sum, { replicas, cpuMillis }) => sum + replicas * cpuMillis, 0);
      expect({ name, pods: pods <= nodes * 110, cpu: cpu <= nodes * 8_000 }).toEqual({
        name,
        pods: true,
        cpu: true,
      });
    }
  });

  it("leaves nothing free on green in S6", () => {
    const S6 = scenariosAt(1).find(({ name }) => name === "S6");
    const cpu = S6?.workloads.reduce((sum, { replicas, cpuMillis }) => sum + replicas * cpuMillis, 0);
    expect(cpu).toBe((S6?.nodes ?? 0) * 8_000);
  });
});
