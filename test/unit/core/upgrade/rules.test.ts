import { blockersOf, desire, evaluate, idAt, ledgerWith, node, observe, stranger } from "./situations";

const at135 = { binary: "1.35.8" };
const at136 = { binary: "1.36.4" };
const emulating = { binary: "1.36.4", emulated: "1.35" };

describe("moving the control plane", () => {
  it("to the next minor is fine", () => {
    expect(evaluate(observe(at135, [node("v1.35.8")]), desire({ version: "1.36" }))).toEqual({
      blockers: [],
      warnings: [],
    });
  });

  it("to a cluster that is not there yet is fine", () => {
    expect(blockersOf(observe(undefined, []), desire({ version: "1.36" }))).toEqual([]);
  });

  it("over a minor is refused, with the line to write", () => {
    const { blockers } = evaluate(observe(at135, []), desire({ version: "1.37" }));
    expect(blockers.map(({ code }) => code)).toContain("ControlPlane.SkippedMinor");
    expect(blockers.find(({ code }) => code === "ControlPlane.SkippedMinor")?.fix).toContain(
      'cluster.version: "1.36"',
    );
  });

  it("beyond an emulated minor is a skip: emulation is not yet an arrival", () => {
    expect(blockersOf(observe(emulating, []), desire({ version: "1.37" }))).toContain(
      "ControlPlane.SkippedMinor",
    );
  });

  it("back to the minor it still serves is fine", () => {
    expect(blockersOf(observe(emulating, [node("v1.35.8")]), desire({ version: "1.35" }))).toEqual([]);
  });

  it("back where the cloud offers no way is refused", () => {
    const desired = { ...desire({ version: "1.35" }), controlPlaneBack: "none" as const };
    expect(blockersOf(observe(emulating, [node("v1.35.8")]), desired)).toEqual(["ControlPlane.NoWayBack"]);
  });

  it("back while nodes are newer prints the edit that comes first", () => {
    const { blockers } = evaluate(observe(emulating, [node("v1.36.4")]), desire({ version: "1.35" }));
    expect(blockers).toMatchObject([{ code: "ControlPlane.NodesFirst", path: "pools.workers.version" }]);
    expect(blockers[0]?.fix).toContain('pools.workers.version: "1.35"; then set cluster.version: "1.35"');
  });

  it("back after it became final, by us, is refused as a downgrade", () => {
    const ledger = ledgerWith({}, { reached: { version: "1.36", stage: "final" } });
    expect(blockersOf(observe(at136, [], ledger), desire({ version: "1.35" }))).toEqual([
      "ControlPlane.Downgrade",
    ]);
  });

  it.each([
    ["back", desire({ version: "1.35" })],
    ["emulating as before", desire({ version: "1.36", stage: "emulated" })],
  ])("%s after it became final without us is refused with that", (_what, desired) => {
    const ledger = ledgerWith({}, { reached: { version: "1.36", stage: "emulated" } });
    const { blockers } = evaluate(observe(at136, [], ledger), desired);
    expect(blockers).toMatchObject([{ code: "ControlPlane.BecameFinal" }]);
    expect(blockers[0]?.fix).toContain('cluster.version: "1.36", cluster.stage: final');
  });

  it("back from a step that no run of ours completed is said to be one", () => {
    const ledger = ledgerWith({}, { reached: { version: "1.35", stage: "final" } });
    const told = evaluate(observe(emulating, [node("v1.35.8")], ledger), desire({ version: "1.35" }));
    expect(told).toMatchObject({ blockers: [], warnings: [{ code: "ControlPlane.BegunElsewhere" }] });
  });

  it("from a final minor back to emulating is a downgrade too", () => {
    const desired = desire({ version: "1.36", stage: "emulated" });
    expect(blockersOf(observe(at136, []), desired)).toEqual(["ControlPlane.Downgrade"]);
  });

  it("that is newer than config without our doing has drifted ahead, and names the line to change", () => {
    const ledger = ledgerWith({}, { reached: { version: "1.35", stage: "final" } });
    const { blockers } = evaluate(observe(at136, [], ledger), desire({ version: "1.35" }));
    expect(blockers).toMatchObject([{ code: "ControlPlane.DriftedAhead", path: "cluster.version" }]);
    expect(blockers[0]?.fix).toContain('set cluster.version: "1.36"');
  });

  it("that is half rolled is judged by its oldest and its newest API server", () => {
    const half = { binary: "1.36.4", apiservers: ["1.35.8", "1.36.4"] };
    expect(blockersOf(observe(half, [node("v1.35.8")]), desire({ version: "1.36" }))).toEqual([]);
  });

  it("to an older patch warns", () => {
    const observed = observe({ binary: "1.36.5" }, []);
    expect(evaluate(observed, desire({ version: "1.36.4" })).warnings.map(({ code }) => code)).toEqual([
      "ControlPlane.OlderPatch",
    ]);
  });
});

describe("a pool that moves in waves", () => {
  const strategy = { poolSurge: "50%" };
  const nodes = [1, 2, 3, 4, 5].map(() => node("v1.35.8"));
  const warningsOf = (pools: Record<string, object>, seen = nodes) =>
    evaluate(observe(at136, seen), desire({ version: "1.36" }, pools)).warnings;

  it("says how many waves there are and how many machines going back would start", () => {
    const warnings = warningsOf({ workers: { strategy } });
    expect(warnings).toMatchObject([{ code: "Pool.MovesInWaves", path: "pools.workers.strategy.poolSurge" }]);
    expect(warnings[0]?.message).toMatch(/moves in 3 waves of at most 2 nodes.* up to 3 of them again$/);
  });

  it.each([
    ["with a whole second pool", { workers: {} }],
    ["that is held", { workers: { strategy, hold: true, version: "1.35" } }],
    ["that goes for good", { workers: { strategy, remove: true } }],
  ])("says nothing %s", (_, pools) => {
    expect(warningsOf(pools)).toEqual([]);
  });

  it("says nothing when there is nothing to leave", () => {
    expect(warningsOf({ workers: { strategy } }, [node("v1.36.4", { generation: idAt("1.36") })])).toEqual(
      [],
    );
  });
});

describe("versions", () => {
  it("nobody knows are refused", () => {
    expect(blockersOf(observe({ binary: "1.98.0" }, []), desire({ version: "1.99" }))).toEqual([
      "Version.Unknown",
    ]);
  });
  it("the lab can't run are refused there", () => {
    expect(blockersOf(observe(undefined, []), desire({ version: "1.36.3" }))).toEqual(["Version.NotInLab"]);
  });
  it("without support warn", () => {
    const desired = desire({ version: "1.35" }, { workers: { version: "1.33" } });
    expect(evaluate(observe(at135, []), desired).warnings).toMatchObject([
      { code: "Version.EndOfLife", path: "pools.workers.version" },
    ]);
  });
  it.each([
    observe({ binary: "unknown" }, []),
    observe({ binary: "1.36.4", emulated: "soon" }, []),
    observe({ binary: "1.36.4", emulated: "1.34" }, []),
    observe(at136, [node("weird", { generation: "x" })]),
  ])("that can't be read are refused: unknown is never fine (%#)", observed => {
    expect(blockersOf(observed, desire({ version: "1.36" }))).toHaveLength(1);
  });
});

describe("kubelet skew over all nodes", () => {
  it("refuses a move that leaves a node behind, even one of no pool", () => {
    const { blockers } = evaluate(
      observe(at135, [node("v1.35.8"), stranger("v1.32.0")]),
      desire({ version: "1.36" }),
    );
    expect(blockers).toMatchObject([{ code: "Skew.KubeletTooOld", path: "cluster" }]);
  });
  it("warns at the last minor allowed", () => {
    const { warnings } = evaluate(observe(at135, [stranger("v1.33.0")]), desire({ version: "1.36" }));
    expect(warnings.map(({ code }) => code)).toEqual(["Skew.AtLimit"]);
  });
  it("only tells what is behind already when the control plane stays", () => {
    const observed = observe(at136, [stranger("v1.32.0")]);
    const { blockers, warnings } = evaluate(observed, desire({ version: "1.36" }));
    expect([blockers.length, warnings.map(({ code }) => code)]).toEqual([0, ["Skew.KubeletTooOld"]]);
  });
  it("lets an upgrade heal a node that is newer than today's API", () => {
    const { blockers, warnings } = evaluate(
      observe(at135, [stranger("v1.36.4")]),
      desire({ version: "1.36" }),
    );
    expect([blockers.length, warnings.map(({ code }) => code)]).toEqual([0, ["Skew.KubeletNewer"]]);
  });
  it("refuses a node newer than the target", () => {
    expect(blockersOf(observe(at135, [stranger("v1.37.1")]), desire({ version: "1.36" }))).toEqual([
      "Skew.KubeletNewer",
    ]);
  });
});

describe("pools", () => {
  it("refuse green in the `up` that makes the control plane final", () => {
    const observed = observe(emulating, [node("v1.35.8")], ledgerWith({ workers: idAt("1.35") }));
    expect(blockersOf(observed, desire({ version: "1.36" }))).toEqual(["Pool.GreenBeforeFinal"]);
    const alone = desire({ version: "1.36" }, { workers: { version: "1.35" } });
    expect(blockersOf(observed, alone)).toEqual([]);
  });

  it("may not trail further than the cloud allows", () => {
    const desired = { ...desire({ version: "1.36" }, { workers: { version: "1.33" } }), kubeletMayTrail: 2 };
    expect(blockersOf(observe(at135, []), desired)).toEqual(["Skew.KubeletTooOld"]);
  });

  it("that are held keep their generation", () => {
    const observed = observe(at135, [node("v1.35.8")], ledgerWith({ workers: idAt("1.35") }));
    const same = desire({ version: "1.36" }, { workers: { version: "1.35", hold: true } });
    expect(blockersOf(observed, same)).toEqual([]);
    const moved = desire({ version: "1.36" }, { workers: { version: "1.35", hold: true, machine: "other" } });
    expect(blockersOf(observed, moved)).toEqual(["Pool.HeldWouldMove"]);
  });

  it.each([
    ["known by their nodes", observe(at136, [node("v1.36.4"), node("v1.36.4", { pool: "gpu" })])],
    ["known by the ledger", observe(at136, [], ledgerWith({ gpu: idAt("1.36", "gpu") }))],
  ])("%s may not vanish from config", (_how, observed) => {
    expect(blockersOf(observed, desire({ version: "1.36" }))).toEqual(["Pool.Vanished"]);
  });

  it("may leave config once their removal is complete", () => {
    const ledger = { pools: { gpu: { active: "gpu-1-36-abcdef", epoch: 2, completed: 2, removing: true } } };
    const observed = observe(at136, [node("v1.36.4", { pool: "gpu" })], ledger);
    expect(blockersOf(observed, desire({ version: "1.36" }))).toEqual([]);
    const early = { pools: { gpu: { ...ledger.pools.gpu, completed: 1 } } };
    expect(blockersOf({ ...observed, ledger: early }, desire({ version: "1.36" }))).toEqual([
      "Pool.Vanished",
    ]);
  });

  it("may not shrink below the nodes they have: nothing would drain those that go", () => {
    const three = observe(at136, [node("v1.36.4"), node("v1.36.4"), node("v1.36.4")]);
    const sized = (max: number, over: object = {}) =>
      desire({ version: "1.36" }, { workers: { size: { min: 1, max }, ...over } });
    expect(blockersOf(three, sized(3))).toEqual([]);
    const { blockers } = evaluate(three, sized(2));
    expect(blockers).toMatchObject([{ code: "Pool.SizeBelowNodes", path: "pools.workers.size.max" }]);
    expect(blockers[0]?.message).toContain(`found 2 while ${idAt("1.36")} has 3 nodes`);
    expect(blockersOf(three, sized(2, { respin: "smaller" }))).toEqual([]);
  });
});

describe("staged pools", () => {
  const staged = (over: object) => ({ workers: { strategy: { kind: "staged" }, ...over } });
  const retiring = (version: string) => ({
    generation: idAt(version),
    spec: { version, size: { min: 1, max: 5 } },
  });
  const blueOnly = observe(at136, [node("v1.35.8")], ledgerWith({ workers: idAt("1.35") }));
  const bothWithGreen = observe(
    at136,
    [node("v1.35.8"), node("v1.36.4")],
    ledgerWith({ workers: idAt("1.36") }),
  );

  it("leave a generation by listing it", () => {
    expect(
      blockersOf(blueOnly, desire({ version: "1.36" }, staged({ retiring: [retiring("1.35")] }))),
    ).toEqual([]);
  });

  it("refuse a one-shot move", () => {
    expect(blockersOf(blueOnly, desire({ version: "1.36" }, staged({})))).toEqual(["Pool.StagedOneShot"]);
  });

  it("refuse a plain revert and print the swap", () => {
    const { blockers } = evaluate(bothWithGreen, desire({ version: "1.36" }, staged({ version: "1.35" })));
    expect(blockers).toMatchObject([{ code: "Pool.StagedRevert", path: "pools.workers.retiring" }]);
    expect(blockers[0]?.fix).toContain(`generation: ${idAt("1.36")}`);
  });

  it("swap back with green listed", () => {
    const swapped = desire({ version: "1.36" }, staged({ version: "1.35", retiring: [retiring("1.36")] }));
    expect(blockersOf(bothWithGreen, swapped)).toEqual([]);
  });

  it("never create what they are leaving", () => {
    const observed = observe(at136, [node("v1.36.4")], ledgerWith({ workers: idAt("1.36") }));
    const desired = desire({ version: "1.36" }, staged({ retiring: [retiring("1.35")] }));
    expect(blockersOf(observed, desired)).toEqual(["Retiring.NotInCluster"]);
  });

  it("refuse a listed generation whose settings were edited", () => {
    const desired = desire({ version: "1.36" }, staged({ retiring: [retiring("1.35")] }));
    const edited = {
      ...desired,
      pools: desired.pools.map(pool => ({
        ...pool,
        retiring: pool.retiring.map(entry => ({ ...entry, spec: { ...entry.spec, machine: "other" } })),
      })),
    };
    expect(blockersOf(blueOnly, edited)).toEqual(["Retiring.HashMismatch"]);
  });
});

describe("a refusal", () => {
  it("names everything at once", () => {
    const observed = observe(at135, [node("v1.35.8"), node("v1.31.0", { pool: "old" })]);
    const desired = desire({ version: "1.37" }, { workers: { version: "1.33" } });
    expect(blockersOf(observed, desired).sort()).toEqual([
      "ControlPlane.SkippedMinor",
      "Pool.Vanished",
      "Skew.KubeletTooOld",
      "Skew.KubeletTooOld",
      "Version.NotInLab",
    ]);
  });
});
