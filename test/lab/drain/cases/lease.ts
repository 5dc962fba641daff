import { nodeState, podsOf, until } from "../arena";
import { command, drain } from "./benchDrain";
import { putBudget, putController } from "./benchPods";
import type { Bench } from "./benchSites";
import { inArena, isBlue, patchNodeRaw, stage, startDrain } from "./scene";
import { SIMULATE } from "../../../../lab/simulator/annotations";

const held = ({ both }: Bench): void =>
  both(
    "#100 a second run is refused while the first holds the lease, which it names, and the first goes on",
    inArena("held", 1, async opened => {
      const annotations = { [SIMULATE.readyDelay]: "1s" };
      await putController(opened, { kind: "deployments", name: "web", replicas: 4, annotations });
      await putBudget(opened, "web", { maxUnavailable: 1 });
      const arena = await stage(opened, 4);
      const running = startDrain(arena, { run: "the-first" });
      await until("the first transition", () => running.transitions[0]);
      const second = await command(arena, { run: "the-second", leaseWaitMs: 300 });
      expect(second).toMatchObject({
        kind: "held",
        reason: expect.stringMatching(/^the cluster's lease is held by the-first/) as string,
      });
      expect(running.ended()).toBe(false);
      expect(await running.outcome).toMatchObject({ kind: "drained", moved: 4 });
    }),
  );

const before = ({ alone }: Bench): void =>
  alone(
    "#102 a node that its administrator had cordoned stays so when the drain is given up; the other is open again",
    inArena("closed", 2, async opened => {
      await putController(opened, { kind: "deployments", name: "web", replicas: 4 });
      const arena = await stage(opened, 4);
      const [open = "", closed = ""] = arena.blue;
      await patchNodeRaw(arena, closed, { spec: { unschedulable: true } });
      const states = (): Promise<readonly object[]> =>
        Promise.all([open, closed].map(node => nodeState(arena.kube, node)));
      const prior = await states();
      expect(await drain(arena)).toMatchObject({ kind: "drained" });
      expect(await states()).toMatchObject([{ unschedulable: true }, { unschedulable: true }]);
      expect(await command(arena, { way: "abort" })).toMatchObject({
        kind: "givenBack",
        nodes: { changed: [open, closed] },
      });
      expect(await states()).toEqual(prior);
      expect(prior).toMatchObject([{ unschedulable: undefined }, { unschedulable: true }]);
      expect((await podsOf(arena)).some(isBlue)).toBe(false);
    }),
  );

/** 100 and 102: one run at a time, and what it gives back. */
export const leaseCases = (bench: Bench): void => {
  held(bench);
  before(bench);
};
