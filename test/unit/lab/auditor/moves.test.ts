import fc from "fast-check";
import { arrive, depart, noMoves } from "../../../../lab/auditor/moves";
import type { Cause } from "../../../../lab/auditor/format";

const shop = () => {
  const moves = noMoves();
  let at = 0;
  return {
    moves,
    arrive: (pod: string, workload = "web") => arrive(moves, { uid: pod, pod, workload }),
    leave: (pod: string, cause: Cause = "evicted", extra: { wasBound?: boolean; workload?: string } = {}) =>
      depart(moves, { uid: pod, pod, workload: "web", at: ++at, cause, wasBound: true, ...extra }),
  };
};

describe("a double move", () => {
  it("is a replacement that has to move again", () => {
    const { arrive: come, leave } = shop();
    leave("web-1");
    come("web-2");
    expect(leave("web-2", "preempted")).toEqual({
      workload: "web",
      at: 2,
      pods: ["web-1", "web-2"],
      causes: ["evicted", "preempted"],
    });
  });

  it("is not a pod that was made by scaling up and moves once", () => {
    const { moves, arrive: come, leave } = shop();
    come("web-9");
    leave("web-9");
    expect(moves.found).toEqual([]);
  });

  it("is not the next run of a Job", () => {
    const { moves, arrive: come, leave } = shop();
    leave("import-1", "evicted", { workload: "import" });
    come("report-1", "report");
    leave("report-1", "evicted", { workload: "report" });
    expect(moves.found).toEqual([]);
  });

  it("is not a replacement that the owner deletes, as a rollout does", () => {
    const { moves, arrive: come, leave } = shop();
    leave("web-1");
    come("web-2");
    leave("web-2", "deleted");
    expect(moves.found).toEqual([]);
  });

  it("is not a replacement that was evicted before it had a node, but its slot is remembered", () => {
    const { moves, arrive: come, leave } = shop();
    leave("web-1");
    come("web-2");
    leave("web-2", "evicted", { wasBound: false });
    expect(moves.found).toEqual([]);
    come("web-3");
    leave("web-3");
    expect(moves.found.map(one => one.pods)).toEqual([["web-1", "web-3"]]);
  });

  it("follows a StatefulSet's pod by its name", () => {
    const moves = noMoves();
    const step = (uid: string, pod: string) =>
      depart(moves, { uid, pod, workload: "db", at: 0, cause: "evicted", wasBound: true });
    step("a", "db-0");
    step("b", "db-1");
    arrive(moves, { uid: "c", pod: "db-1", workload: "db" });
    step("c", "db-1");
    expect(moves.found.map(one => one.pods)).toEqual([["db-1", "db-1"]]);
  });

  it("is counted once for each move after a slot's first, whichever slot a replacement takes", () => {
    const evictions = fc.array(fc.nat(5), { maxLength: 30 });
    fc.assert(
      fc.property(evictions, picks => {
        const { moves, arrive: come, leave } = shop();
        const pods = Array.from({ length: 6 }, (_, index) => `web-${index}`);
        const replaced = new Set<string>();
        let again = 0;
        picks.forEach((pick, step) => {
          const gone = pods[pick] ?? "";
          if (replaced.has(gone)) again += 1;
          leave(gone);
          const fresh = `new-${step}`;
          come(fresh);
          replaced.add(fresh);
          pods[pick] = fresh;
        });
        return moves.found.length === again && moves.moved === picks.length;
      }),
    );
  });
});
