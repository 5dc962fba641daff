import type { DrainPlan } from "../../../../core/drain/plan/plan";
import { listNodes } from "../../../../kube";
import { readPlan } from "../../../../operations/drain/plan";
import { type Arena, podsOf, until } from "../arena";
import { putController } from "./benchPods";
import type { Bench } from "./benchSites";
import { deleteNode, inArena, isBlue, openRoom, stage, startDrain, untilRunning } from "./scene";

const asking = (arena: Arena, cpu: string, more: object = {}): object => ({
  containers: [{ name: "app", image: "app:1", resources: { requests: { cpu } } }],
  nodeSelector: { arena: arena.name },
  ...more,
});

const planOf = (arena: Arena): Promise<DrainPlan> =>
  readPlan(arena.kube, { run: "plan", nodes: arena.blue, cordon: true });

/** Other arenas of the same lab are no business of a case. */
const homelessOf = (arena: Arena, { capacity: { homeless = [] } }: DrainPlan): readonly string[] =>
  homeless.filter(pod => pod.startsWith(`${arena.name}/`));

const unbound = ({ alone }: Bench): void =>
  alone(
    "#86 pods that have no node yet, as after an eviction, need room too",
    inArena("unbound", 1, async opened => {
      const spec = asking(opened, "1");
      await putController(opened, { kind: "deployments", name: "web", replicas: 5, spec });
      const arena = await stage(opened, 5);
      expect((await planOf(arena)).capacity.verdict).toBe("FITS");
      const gated = asking(arena, "1", { schedulingGates: [{ name: "lab.test/not-yet" }] });
      await putController(arena, { kind: "deployments", name: "evicted", replicas: 4, spec: gated });
      await until("nine pods", async () => ((await podsOf(arena)).length === 9 ? true : undefined));
      const plan = await planOf(arena);
      expect(plan.capacity.verdict).toBe("IMPOSSIBLE");
      expect(plan.capacity.reasons).toEqual(["9 pods ask for cpu 9000, free is 8000"]);
    }),
  );

const tooLarge = ({ both }: Bench): void =>
  both(
    "#87 a pod that fits no node makes the drain impossible, and is named",
    inArena("large", 1, async opened => {
      const spec = asking(opened, "6");
      await putController(opened, { kind: "deployments", name: "huge", spec });
      await putController(opened, { kind: "deployments", name: "small", spec: asking(opened, "100m") });
      await untilRunning(opened, 2);
      const arena = await openRoom(opened, 1);
      const selector = { nodeSelector: { arena: arena.name, color: "green" } };
      const resident = asking(arena, "3", selector);
      await putController(arena, { kind: "deployments", name: "resident", spec: resident });
      const pods = await untilRunning(arena, 3);
      const huge = pods.find(({ labels }) => labels["app"] === "huge")?.name ?? "";
      const plan = await planOf(arena);
      expect(plan.capacity.verdict).toBe("IMPOSSIBLE");
      expect(plan.findings.find(({ severity }) => severity === "fatal")).toMatchObject({
        code: "CAPACITY_IMPOSSIBLE",
        message: expect.stringContaining(`large/${huge} fit no node`) as string,
      });
      expect(homelessOf(arena, plan)).toEqual([`large/${huge}`]);
    }),
  );

const spreading = ({ name }: Arena): object => ({
  nodeSelector: { arena: name },
  topologySpreadConstraints: [
    {
      maxSkew: 1,
      topologyKey: "kubernetes.io/hostname",
      whenUnsatisfiable: "DoNotSchedule",
      labelSelector: { matchLabels: { app: "spread" } },
    },
  ],
});

/** For a moment pods of other arenas may have no place, and then a plan speaks of nothing else. */
const trappedIn = async (arena: Arena): Promise<readonly string[] | undefined> =>
  (await planOf(arena)).findings.find(({ code }) => code === "SPREAD_TRAP")?.subjects;

/** A blue node that has been emptied, once the scheduler finds no place for a successor. */
const emptied = async (arena: Arena): Promise<string | undefined> => {
  const pods = await podsOf(arena);
  const there = (await listNodes(arena.kube, { labels: { arena: arena.name, color: "blue" } })).map(
    ({ name }) => name,
  );
  return pods.some(({ unschedulable }) => unschedulable?.includes("topology spread") === true)
    ? there.find(node => pods.every(pod => pod.node !== node))
    : undefined;
};

const spreadTrap = ({ both }: Bench): void =>
  both(
    "#104 a topology spread that still counts emptied nodes is foretold, happens, and ends with their Node objects",
    inArena("spread", 2, async opened => {
      const spec = spreading(opened);
      await putController(opened, { kind: "deployments", name: "spread", replicas: 4, spec });
      const arena = await stage(opened, 4, 2);
      const trapped = await until("a plan that foretells the trap", () => trappedIn(arena));
      expect(trapped.every(pod => pod.startsWith("spread/spread-"))).toBe(true);
      const running = startDrain(arena);
      for (const round of arena.blue.keys()) {
        const node = await until(`the trap, round ${round}`, () => emptied(arena));
        expect(running.ended()).toBe(false);
        await deleteNode(arena, node);
      }
      expect(await running.outcome).toMatchObject({ kind: "drained", moved: 4, nodes: { total: 0 } });
      expect((await untilRunning(arena, 4)).some(isBlue)).toBe(false);
    }),
  );

/** 86, 87 and 104: where pods are to go. */
export const roomCases = (bench: Bench): void => {
  unbound(bench);
  tooLarge(bench);
  spreadTrap(bench);
};
