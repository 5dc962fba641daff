import type { Answer } from "../../../../core/drain/answers";
import type { Transition } from "../../../../core/drain/transitions";
import { type Engine, type EngineEffects, startEngine } from "../../../../operations/drain/engine";
import { budget, gone, node, pod, set, START, workload } from "../../../support/drainSimulator/builders";
import { SPEC } from "../../../support/drainSimulator/run";

const web = [1, 2, 3].map(index => pod(`web-${index}`));

/** The server's answer to the first eviction is late: what it did is seen before it is heard. */
const lateAnswer = (onTransition: (engine: Engine, moved: Transition) => void) => {
  const evicted: string[] = [];
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const nothing = (): Promise<void> => Promise.resolve();
  const effects: EngineEffects = {
    now: () => START,
    evict: ({ name }) => {
      evicted.push(name);
      return promise;
    },
    fence: nothing,
    leaveBalancers: nothing,
    deleteNode: nothing,
    guards: () => [],
    onState: () => undefined,
    onTransition: moved => onTransition(engine, moved),
  };
  const engine = startEngine({ spec: { ...SPEC, lingerMs: 0 }, beginning: { since: START } }, effects);
  const see = (...changes: Parameters<Engine["observe"]>[0][]): void => {
    changes.forEach(engine.observe);
    engine.synced();
  };
  const [first = pod("none"), ...others] = web;
  see(set.node(node("blue-0")), set.workload(workload(3)), set.budget(budget()), ...web.map(set.pod));
  see(set.budget(budget({ resourceVersion: "2", allowed: 0, disruptedPods: [first.name] })));
  see(gone(first), set.budget(budget({ resourceVersion: "3" })), ...others.map(set.pod));
  return { engine, evicted, answer: () => resolve({ kind: "accepted" }) };
};

const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

describe("the engine", () => {
  it("goes on with the next pod when an answer comes after all that it brought about", async () => {
    const { engine, evicted, answer } = lateAnswer(() => undefined);
    answer();
    await settle();
    engine.close();
    expect(evicted).toEqual(["web-1", "web-2"]);
  });

  it("evicts nothing more when who hears of that answer cancels the run", async () => {
    const { engine, evicted, answer } = lateAnswer((run, moved) => {
      if (moved.kind === "eviction" && moved.answer === "accepted") run.cancel("it was cancelled");
    });
    answer();
    expect(await engine.done).toMatchObject({ kind: "stopped", reason: "it was cancelled" });
    await settle();
    engine.close();
    expect(evicted).toEqual(["web-1"]);
  });
});
