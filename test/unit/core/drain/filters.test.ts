import type { PodFact } from "../../../../core/drain/facts";
import {
  explainPod,
  type FilterContext,
  FILTERS,
  judgePod,
  warningsOf,
} from "../../../../core/drain/filters";
import { isResident } from "../../../../core/drain/verdicts";
import { pod } from "../../../support/drainSimulator/builders";

const NOW = 1_000_000;
const STRICT = { force: false, deleteEmptyDirData: false };
const context: FilterContext = { now: NOW, cordon: true, rules: STRICT };
const owner = { apiVersion: "apps/v1", kind: "DaemonSet", name: "agent", uid: "ds" };
const { owner: _owner, ...orphan } = pod("orphan");
const anyNode = [{ operator: "Exists" }];

const DRAIN = "cluster.x-k8s.io/drain";
const DISRUPT = "karpenter.sh/do-not-disrupt";
const SAFE = "cluster-autoscaler.kubernetes.io/safe-to-evict";
const VOLUMES = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes";
const labelled = (wish: string): PodFact => pod("asks", { labels: { [DRAIN]: wish } });
const noted = (key: string, value: string, more: Partial<PodFact> = {}): PodFact =>
  pod("asks", { annotations: { [key]: value }, ...more });
const storing = (named: string): PodFact =>
  noted(VOLUMES, named, { localStorage: true, localVolumes: ["cache", "tmp"] });

const codeOf = (given: PodFact, more: Partial<FilterContext> = {}): string => {
  const verdict = judgePod(given, { ...context, ...more });
  return "code" in verdict ? verdict.code : verdict.kind;
};

const cases: readonly (readonly [string, PodFact, string])[] = [
  ["a plain pod moves", pod("web"), "move"],
  ["a static pod is ignored", pod("static", { mirror: true }), "MIRROR"],
  [
    "a DaemonSet's pod is ignored, whatever it tolerates",
    pod("agent", { owner, tolerations: anyNode }),
    "DAEMON_SET",
  ],
  ["a DaemonSet's pod with local data is ignored", pod("agent", { owner, localStorage: true }), "DAEMON_SET"],
  [
    "a DaemonSet of somebody else's API is none",
    pod("fake", { owner: { ...owner, apiVersion: "example.org/v1" } }),
    "move",
  ],
  ["a finished pod is ignored", pod("done", { phase: "Succeeded" }), "FINISHED"],
  ["a failed pod without an owner is ignored", { ...orphan, phase: "Failed" }, "FINISHED"],
  ["a terminating pod is waited for", pod("going", { deletingSince: 990_000 }), "TERMINATING"],
  [
    "a long grace that is not over is waited for",
    pod("slow", { deletingSince: 850_000, graceSeconds: 120 }),
    "TERMINATING",
  ],
  ["one far beyond its grace is reported", pod("stuck", { deletingSince: 900_000 }), "STUCK_TERMINATING"],
  [
    "a pod that tolerates the cordon would come back",
    pod("back", { tolerations: anyNode }),
    "RETURNS_TO_BLUE",
  ],
  [
    "#8 what a DaemonSet left behind tolerates the cordon and has no successor that could come back",
    { ...orphan, tolerations: anyNode },
    "NOT_REPLICATED",
  ],
  ["a pod without an owner would be lost", orphan, "NOT_REPLICATED"],
  ["one that is declared safe may be lost", { ...orphan, annotations: { [SAFE]: "true" } }, "move"],
  ["a pod with local data would lose it", pod("cache", { localStorage: true }), "LOCAL_STORAGE"],
  ["skip is left alone", labelled("skip"), "DRAIN_LABEL_SKIP"],
  ["wait-completed is waited for", labelled("wait-completed"), "WAIT_COMPLETED"],
  ["any other drain label means nothing", labelled("later"), "move"],
  ["#66 do-not-disrupt blocks", noted(DISRUPT, "true"), "DO_NOT_DISRUPT"],
  ["do-not-disrupt: false does not", noted(DISRUPT, "false"), "move"],
  ["a time to be left alone is kept", noted(DISRUPT, "5m", { startedAt: NOW - 299_000 }), "DO_NOT_DISRUPT"],
  ["a time to be left alone ends", noted(DISRUPT, "5m", { startedAt: NOW - 300_000 }), "move"],
  ["a time that has not begun blocks", noted(DISRUPT, "5m"), "DO_NOT_DISRUPT"],
  ["an unreadable time is ignored", noted(DISRUPT, "soon"), "move"],
  ["safe-to-evict: false blocks", noted(SAFE, "false"), "NOT_SAFE_TO_EVICT"],
  ["on-completion is waited for", noted(SAFE, "on-completion"), "ON_COMPLETION"],
  ["all local volumes declared safe: moves", storing("tmp, cache"), "move"],
  ["some declared safe: would lose the others", storing("cache"), "LOCAL_STORAGE"],
  ["none declared safe", storing(""), "LOCAL_STORAGE"],
  ["wrong names declared safe", storing("cache,temp"), "LOCAL_STORAGE"],
];

it.each(cases)("%s", (_title, given, expected) => {
  expect(codeOf(given)).toBe(expected);
});

it("moves what kubectl asks about when the rules say so, and says what that costs", () => {
  const allowed = { ...context, rules: { force: true, deleteEmptyDirData: true } };
  const given = { ...orphan, localStorage: true };
  expect(judgePod(given, allowed)).toEqual({ kind: "move" });
  expect(warningsOf(given, allowed).map(({ code }) => code)).toEqual(["NOT_REPLICATED", "LOCAL_STORAGE"]);
});

it("lets a pod that tolerates the cordon go where nothing is cordoned", () => {
  expect(codeOf(pod("back", { tolerations: anyNode }), { cordon: false })).toBe("move");
});

it("#8 tells a DaemonSet's orphan from its pods, where it is known which DaemonSets exist", () => {
  const agent = pod("agent", { owner });
  const rules = { ...STRICT, force: true };
  expect(codeOf(agent, { daemonSets: new Set(["ds"]) })).toBe("DAEMON_SET");
  expect(codeOf(agent, { daemonSets: new Set() })).toBe("ORPHANED");
  expect(codeOf(agent, { daemonSets: new Set(), rules })).toBe("move");
  const [warning] = warningsOf(agent, { ...context, daemonSets: new Set(), rules });
  expect(warning?.code).toBe("ORPHANED");
});

it("keeps a pod whose data lies on its node, unless its claim is given up", () => {
  const local = pod("db", { claims: ["data", "logs"] });
  const localClaims = new Set(["shop/data"]);
  expect(codeOf(local)).toBe("move");
  expect(codeOf(local, { localClaims })).toBe("LOCAL_PV");
  expect(codeOf(local, { localClaims, rules: { ...STRICT, abandon: ["shop/data"] } })).toBe("move");
});

it("passes over named verdicts, but not over what nobody can change", () => {
  const disregard = ["DO_NOT_DISRUPT", "WAIT_COMPLETED", "MIRROR", "TERMINATING"];
  const rules = { ...STRICT, disregard };
  expect(codeOf(noted(DISRUPT, "true"), { rules })).toBe("move");
  expect(codeOf(labelled("wait-completed"), { rules })).toBe("move");
  expect(codeOf(pod("static", { mirror: true }), { rules })).toBe("MIRROR");
  expect(codeOf(pod("going", { deletingSince: 990_000 }), { rules })).toBe("TERMINATING");
  expect(codeOf(noted(SAFE, "false"), { rules })).toBe("NOT_SAFE_TO_EVICT");
});

it("sees only pods of the selector", () => {
  const rules = { ...STRICT, podSelector: { matchLabels: { app: "db" } } };
  expect(codeOf(pod("web"), { rules })).toBe("NOT_SELECTED");
  expect(codeOf(pod("db", { labels: { app: "db" } }), { rules })).toBe("move");
});

it("refuses DaemonSet pods like kubectl when they are not to be ignored", () => {
  const rules = { ...STRICT, ignoreDaemonSets: false };
  expect(judgePod(pod("agent", { owner }), { ...context, rules }).kind).toBe("block");
  expect(codeOf(pod("agent", { owner, phase: "Failed" }), { rules })).toBe("DAEMON_SET");
  expect(judgePod(pod("agent", { owner, phase: "Failed" }), { ...context, rules }).kind).toBe("ignore");
});

it("does not wait for pods that have been going for longer than it is told to", () => {
  const rules = { ...STRICT, skipWaitForDeleteTimeoutSeconds: 5 };
  const going = (since: number): PodFact => pod("going", { deletingSince: since, graceSeconds: 30 });
  expect(codeOf(going(NOW - 35_001), { rules })).toBe("SKIPPED_TERMINATING");
  expect(codeOf(going(NOW - 35_000), { rules })).toBe("TERMINATING");
});

it("says when time alone will change a verdict", () => {
  const wait = judgePod(pod("going", { deletingSince: NOW }), context);
  expect(wait).toMatchObject({ kind: "wait", until: NOW + 90_001 });
  const asked = judgePod(noted(DISRUPT, "1h30m", { startedAt: NOW }), context);
  expect(asked).toMatchObject({ kind: "waitCompleted", until: NOW + 5_400_000 });
  expect(judgePod(labelled("wait-completed"), context)).not.toHaveProperty("until");
});

it("counts as residents the pods that would go down with their node", () => {
  const kinds = [pod("web"), noted(SAFE, "false"), labelled("wait-completed")];
  expect(kinds.map(given => isResident(judgePod(given, context)))).toEqual([true, true, true]);
  const others = [pod("static", { mirror: true }), pod("going", { deletingSince: 990_000 })];
  expect(others.map(given => isResident(judgePod(given, context)))).toEqual([false, false]);
});

it("keeps every warning of a pod", () => {
  const given = pod("asks", { labels: { [DRAIN]: "later" }, annotations: { [DISRUPT]: "soon" } });
  expect(warningsOf(given, context).map(({ code }) => code)).toEqual([
    "DRAIN_LABEL_UNKNOWN",
    "DO_NOT_DISRUPT_INVALID",
  ]);
});

it("explains with every filter's opinion, and which one decides", () => {
  const given = noted(DISRUPT, "true", { localStorage: true });
  const told = explainPod(given, { ...context, rules: { ...STRICT, disregard: ["DO_NOT_DISRUPT"] } });
  expect(told.map(({ filter }) => filter)).toEqual(FILTERS.map(({ name }) => name));
  expect(told.filter(({ verdict }) => verdict !== undefined)).toMatchObject([
    { filter: "doNotDisrupt", disregarded: true, decides: false },
    { filter: "localStorage", disregarded: false, decides: true, verdict: { code: "LOCAL_STORAGE" } },
  ]);
});

it("asks in an order that can be read aloud", () => {
  expect(FILTERS.map(filter => filter.name)).toEqual([
    "podSelector",
    "mirror",
    "daemonSet",
    "finished",
    "terminating",
    "drainLabel",
    "doNotDisrupt",
    "safeToEvict",
    "returnsToBlue",
    "localVolume",
    "orphaned",
    "unmanaged",
    "localStorage",
  ]);
});
