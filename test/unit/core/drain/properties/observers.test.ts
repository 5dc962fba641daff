import type { DrainAction, EvictAction } from "../../../../../core/drain/events";
import { next } from "../../../../../core/drain/next";
import type { DrainEngine } from "../../../../support/drainSimulator/client/host";
import { CALM_STORY, type Story } from "../../../../support/drainSimulator/story";
import { tellStory } from "../../../../support/drainSimulator/tellStory";

const story: Story = {
  ...CALM_STORY,
  workloads: [
    { name: "web", kind: "Deployment", replicas: 6, onGreen: 2, graceMs: 2_000, startMs: 3_000 },
    { name: "api", kind: "Deployment", replicas: 4, graceMs: 2_000, startMs: 3_000 },
  ],
  budgets: [{ name: "web", selects: ["web"], maxUnavailable: 1 }],
  mishaps: [{ kind: "hold", at: 2_000, forMs: 5_000 }],
};

/** A pod that is not Ready when it is asked for is Ready again before the server has heard the call. */
const flapping: Story = {
  ...CALM_STORY,
  workloads: [{ name: "api", kind: "Deployment", replicas: 4, graceMs: 2_000, startMs: 3_000 }],
  budgets: [],
  pace: { ...CALM_STORY.pace, callMs: 400 },
  mishaps: [{ kind: "flap", at: 1_000, workload: "api", forMs: 150 }],
};

type Change = (action: DrainAction) => readonly DrainAction[];

/** The real engine, with its actions changed on the way out. */
const acting =
  (change: Change): DrainEngine =>
  (state, event) => {
    const [after, actions] = next(state, event);
    return [after, actions.flatMap(change)];
  };

const evicting =
  (change: (action: EvictAction) => readonly DrainAction[]): DrainEngine =>
  (state, event) =>
    acting(action => (action.kind === "evict" ? change(action) : [action]))(state, event);

const figures = { moved: 0, remaining: 0, seconds: 0, nodes: { empty: 0, total: 0 } };

const deaf: DrainEngine = (state, event) =>
  next(state, event.kind === "guards" ? { ...event, guards: [] } : event);

/** Every pod of the workload at once. */
const greedyFor =
  (workload: string): DrainEngine =>
  (state, event) => {
    const [after, actions] = next(state, event);
    const [first] = actions.filter(action => action.kind === "evict" && action.name.startsWith(workload));
    if (first?.kind !== "evict") return [after, actions];
    const others = [...after.world.pods.values()].filter(
      pod => pod.name.startsWith(workload) && pod.uid !== first.uid && pod.node?.startsWith("blue") === true,
    );
    const more = others.map(({ uid, name, node = "" }) => ({ ...first, uid, name, node }));
    return [after, [...actions, ...more]];
  };

const careless = evicting(({ asUnready: _, ...action }) => [action]);

const eastward: DrainEngine = (state, event) => {
  const [after, actions] = next(state, event);
  const green = [...after.world.pods.values()].find(pod => pod.node?.startsWith("green") === true);
  if (green?.node === undefined) return [after, actions];
  const wrong = { uid: green.uid, name: green.name, node: green.node };
  return [after, actions.map(action => (action.kind === "evict" ? { ...action, ...wrong } : action))];
};

const lawsBroken = (engine?: DrainEngine, told = story): readonly string[] => {
  const { violations } = tellStory(told, engine === undefined ? {} : { engine, limit: 3_000 });
  return [...new Set(violations.map(text => /, ([A-Z]+\d*): /.exec(text)?.[1] ?? text))];
};

interface Wrong {
  readonly law: string;
  readonly does: string;
  readonly engine: DrainEngine;
  readonly told?: Story;
}

const tooSoon = evicting(() => [{ kind: "finish", outcome: { kind: "drained", ...figures } }]);

describe("each law can be broken, and is then named", () => {
  it("by nothing that the real engine does", () => {
    expect(lawsBroken()).toEqual([]);
    expect(lawsBroken(undefined, flapping)).toEqual([]);
  });

  it.each<Wrong>([
    { law: "I1", does: "takes a pod from green", engine: eastward },
    { law: "I2", does: "sends each call twice", engine: evicting(action => [action, action]) },
    { law: "I2", does: "asks for more pods of a PDB than it lets go", engine: greedyFor("web") },
    { law: "I3", does: "takes all pods of a workload without budget", engine: greedyFor("api") },
    { law: "I3", does: "takes a pod that got Ready for one that is not", engine: careless, told: flapping },
    { law: "I4", does: "does not hear of guards", engine: deaf },
    { law: "I6", does: "says drained too soon", engine: tooSoon },
    { law: "I10", does: "sends nothing", engine: evicting(() => []) },
  ])("$law, by an engine that $does", ({ law, engine, told }) => {
    expect(lawsBroken(engine, told)).toContain(law);
  });
});
