import type { Change } from "../../../../core/drain/facts";
import type { DrainRules } from "../../../../core/drain/state";
import {
  budget,
  evictions,
  node,
  outcomeOf,
  pod,
  set,
  talk,
  workload,
} from "../../../support/drainSimulator/builders";

const NODES = [
  node("blue-0"),
  node("green-0", { labels: { pool: "green" }, cordoned: false, fenced: false }),
].map(set.node);
const agent = pod("agent", {
  labels: { app: "agent" },
  owner: { apiVersion: "apps/v1", kind: "DaemonSet", name: "agent", uid: "ds" },
});
const LISTED: Change = { type: "listed", kind: "daemonSet" };
const daemonSet: Change = {
  type: "set",
  object: { kind: "daemonSet", fact: { uid: "ds", namespace: "shop", name: "agent" } },
};
const volume = (claim: string | undefined, local = true): Change => ({
  type: "set",
  object: {
    kind: "volume",
    fact: { uid: "pv-1", name: "pv-1", local, ...(claim === undefined ? {} : { claim }) },
  },
});
const shut = budget({ allowed: 0, disruptedPods: ["web-9"] });
const withData = pod("web-0", { claims: ["data"] });
const waiting = [...NODES, set.budget(shut), set.workload(workload(3)), set.pod(withData)];
const opened = set.budget({ ...shut, allowed: 1, disruptedPods: [], resourceVersion: "2" });

const run = (changes: readonly Change[], rules: Partial<DrainRules> = {}) =>
  talk(changes, { rules: { force: false, deleteEmptyDirData: true, ...rules } });

describe("a volume on the node's own disk that shows while the run goes on", () => {
  it("keeps its pod from being evicted when its budget opens", () => {
    const engine = run(waiting);
    expect(evictions(engine.see(volume("shop/data")))).toEqual([]);
    expect(evictions(engine.see(opened))).toEqual([]);
    expect(outcomeOf(engine.after(6))).toMatchObject({
      kind: "blocked",
      reasons: [{ code: "LOCAL_PV", pods: ["shop/web-0"] }],
    });
  });

  it.each<[string, Change, Partial<DrainRules>]>([
    ["belongs to another claim", volume("shop/other"), {}],
    ["can be attached elsewhere", volume("shop/data", false), {}],
    ["is bound to no claim", volume(undefined), {}],
    ["is to be abandoned", volume("shop/data"), { abandon: ["shop/data"] }],
  ])("lets it go when it %s", (_, change, rules) => {
    const engine = run(waiting, rules);
    engine.see(change);
    expect(evictions(engine.see(opened))).toEqual(["web-0"]);
  });

  it("lets it go when the volume is gone or bound anew", () => {
    const engine = run([...waiting, volume("shop/data")]);
    engine.see({ type: "gone", kind: "volume", uid: "pv-1" });
    expect(evictions(engine.see(opened))).toEqual(["web-0"]);
    const anew = run([...waiting, volume("shop/data")]);
    anew.see(volume("shop/other"));
    expect(evictions(anew.see(opened))).toEqual(["web-0"]);
  });
});

describe("a pod of a DaemonSet", () => {
  const code = (engine: ReturnType<typeof run>): unknown => {
    const place = engine.state().looked?.survey.places.get(agent.uid);
    return place?.kind === "blocked" ? place.blocked.code : place?.kind;
  };

  it("stays while the DaemonSet exists, and while nobody knows whether it does", () => {
    expect(code(run([...NODES, set.pod(agent)]))).toBe("ignored");
    expect(code(run([...NODES, set.pod(agent), daemonSet, LISTED]))).toBe("ignored");
  });

  it("is an orphan from the moment on at which the DaemonSet is deleted", () => {
    const engine = run([...NODES, set.pod(agent), daemonSet, LISTED]);
    engine.see({ type: "gone", kind: "daemonSet", uid: "ds" });
    expect(code(engine)).toBe("ORPHANED");
  });

  it("is an orphan as soon as the complete list does not hold it", () => {
    const engine = run([...NODES, set.pod(agent)]);
    engine.see(LISTED);
    expect(code(engine)).toBe("ORPHANED");
  });

  it("goes as an orphan when unmanaged pods may go", () => {
    const engine = run([...NODES, set.pod(agent), daemonSet, LISTED], { force: true });
    expect(evictions(engine.see({ type: "gone", kind: "daemonSet", uid: "ds" }))).toEqual(["agent"]);
  });
});
