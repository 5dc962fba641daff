import fc from "fast-check";
import { isOpen, wayBackOf } from "../../../../core/upgrade/wayBack";
import { desire, evaluate, ledgerWith, node, NOW, observe } from "./situations";

const WEEK = { withinDays: 7 };
const DAY_MS = 86_400_000;
const daysAgo = (days: number): string => new Date(Date.parse(NOW) - days * DAY_MS).toISOString();
const upgraded = (at: string, from = "1.35") => ({ version: "1.36", stage: "final", from, at }) as const;

describe("the way back of a cloud that takes an upgrade back", () => {
  it("leads to the minor the upgrade came from, until its days are over", () => {
    const way = wayBackOf(upgraded("2026-11-20T00:00:00Z"), WEEK);
    expect(way).toEqual({ to: "1.35", until: "2026-11-27T00:00:00.000Z" });
  });

  it("is open exactly as long as the cloud says", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 30, noNaN: true }), days => {
        const way = wayBackOf(upgraded(daysAgo(days)), WEEK);
        expect(way === undefined ? undefined : isOpen(way, NOW)).toBe(
          Date.parse(daysAgo(days)) > Date.parse(daysAgo(7)),
        );
      }),
    );
  });

  it.each([
    ["nobody recorded an upgrade", undefined, WEEK],
    ["the cluster was made at its version", { version: "1.36", stage: "final" }, WEEK],
    ["the last move was itself a way back", upgraded(daysAgo(1), "1.37"), WEEK],
    ["the cloud has none", upgraded(daysAgo(1)), "none"],
    ["the cloud emulates instead", upgraded(daysAgo(1)), "emulated"],
  ] as const)("does not exist where %s", (_why, reached, back) => {
    expect(wayBackOf(reached, back)).toBeUndefined();
  });
});

describe("a control plane of such a cloud", () => {
  const judge = (version: string, at: string | undefined, kubelet = "v1.35.8") => {
    const ledger = ledgerWith(
      {},
      { reached: at === undefined ? { version: "1.36", stage: "final" } : upgraded(at) },
    );
    const desired = { ...desire({ version }), controlPlaneBack: WEEK };
    return evaluate(observe({ binary: "1.36.4" }, [node(kubelet)], ledger), desired);
  };

  it("goes back within the days, and the warning says what stays behind", () => {
    const { blockers, warnings } = judge("1.35", daysAgo(6));
    expect(blockers).toEqual([]);
    expect(warnings.map(({ code }) => code)).toContain("ControlPlane.TakenBackAlone");
  });

  it.each([
    ["the days are over", "1.35", daysAgo(8), "the last one's time ended on 2026-11-20"],
    ["no upgrade was recorded", "1.35", undefined, "no run of this stack recorded an upgrade"],
    ["it is two minors", "1.34", daysAgo(1), 'leads to "1.35" only'],
  ])("is refused with the reason when %s", (...[, version, at, said]) => {
    const { blockers } = judge(version, at);
    const found = blockers.find(({ code }) => code === "ControlPlane.WayBackClosed");
    expect(found?.message).toContain(said);
  });

  it("goes back after its nodes, never before", () => {
    const { blockers } = judge("1.35", daysAgo(1), "v1.36.4");
    expect(blockers).toMatchObject([{ code: "ControlPlane.NodesFirst" }]);
  });
});
