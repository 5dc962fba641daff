import { collectionPath, KINDS, nodePath } from "../../../../kube";
import { SIMULATE } from "../../../../lab/simulator/annotations";
import { type Arena, nodeState, podsOf, readRawNode, until } from "../arena";
import { drain } from "./benchDrain";
import { putBudget, putController, putPod, removePod, untilGone } from "./benchPods";
import type { Bench } from "./benchSites";
import {
  birthsOn,
  deleteNode,
  endingsOn,
  fewestOn,
  inArena,
  isBlue,
  openRoom,
  patchNodeRaw,
  type Running,
  stage,
  startDrain,
  tapePods,
  untilRunning,
} from "./scene";
import { attach } from "./storage";

const web = async (arena: Arena, replicas: number): Promise<void> => {
  const annotations = { [SIMULATE.readyDelay]: "800ms" };
  await putController(arena, { kind: "deployments", name: "web", replicas, annotations });
  await putBudget(arena, "web", { maxUnavailable: 1 });
};

const firstMove = (running: Running): Promise<true> =>
  until("the first move", () =>
    running.transitions.some(moved => moved.kind === "pod" && moved.to === "gone") ? true : undefined,
  );

/** Some nodes at once, and their pods as the garbage collector of pods does it a minute later. */
const loseNodes = async (arena: Arena, names: readonly string[]): Promise<void> => {
  await Promise.all(names.map(name => deleteNode(arena, name)));
  const orphans = (await podsOf(arena)).filter(({ node }) => names.includes(node ?? ""));
  await Promise.all(orphans.map(({ name }) => removePod(arena, name).catch(() => undefined)));
};

const arrivals = ({ both }: Bench): void => {
  both(
    "#67 a pod that arrives right after the cordon is drained",
    inArena("late", 1, async opened => {
      const arena = await openRoom(opened, 1);
      const [node = ""] = arena.blue;
      const running = startDrain(arena, { rules: { force: true }, tuning: { quietMs: 10_000 } });
      await until("the cordon", async () =>
        (await readRawNode(arena.kube, node)).spec.unschedulable === true ? true : undefined,
      );
      await putPod(arena, { name: "straggler", node });
      expect(await running.outcome).toMatchObject({ kind: "drained", moved: 1, remaining: 0 });
      expect(await podsOf(arena)).toEqual([]);
    }),
  );

  both(
    "#73 pods that come while evictions are under way are all moved, each once",
    inArena("stream", 1, async opened => {
      await web(opened, 4);
      const arena = await stage(opened, 4);
      const [node = ""] = arena.blue;
      const tape = await tapePods(arena);
      const running = startDrain(arena, { rules: { force: true } });
      await firstMove(running);
      const names = [1, 2, 3, 4, 5, 6].map(index => `guest-${index}`);
      await Promise.all(names.map(name => putPod(arena, { name, node })));
      expect(await running.outcome).toMatchObject({ kind: "drained", moved: 10, remaining: 0 });
      tape.stop();
      expect(birthsOn(tape, "web")).toBe(8);
      expect((await podsOf(arena)).filter(isBlue)).toEqual([]);
    }),
  );
};

const uncordon = ({ both }: Bench): void =>
  both(
    "#68 a node that somebody uncordons is cordoned again, and only then is the drain complete",
    inArena("opened", 2, async opened => {
      await web(opened, 6);
      const arena = await stage(opened, 6);
      const [node = ""] = arena.blue;
      const tape = await tapePods(arena);
      const running = startDrain(arena);
      await firstMove(running);
      await patchNodeRaw(arena, node, { spec: { unschedulable: null } });
      expect(await running.outcome).toMatchObject({ kind: "drained", nodes: { empty: 2, total: 2 } });
      tape.stop();
      expect(await nodeState(arena.kube, node)).toMatchObject({ unschedulable: true });
      expect((await podsOf(arena)).filter(isBlue)).toEqual([]);
      expect(birthsOn(tape, "web")).toBe(12);
      expect(fewestOn(tape, "web", 6)).toBeGreaterThanOrEqual(5);
    }),
  );

const lost = ({ both }: Bench): void =>
  [
    ["#69 a node that is deleted during the drain counts as left", "deleted", 2, 1],
    ["#72 nodes that are deleted at the same time hold nobody up", "several", 5, 3],
  ].forEach(([title, name, nodes, losses]) =>
    both(
      title as string,
      inArena(name as string, nodes as number, async opened => {
        await web(opened, 6);
        const arena = await stage(opened, 6);
        const running = startDrain(arena);
        await firstMove(running);
        await loseNodes(arena, arena.blue.slice(-(losses as number)));
        const total = (nodes as number) - (losses as number);
        expect(await running.outcome).toMatchObject({
          kind: "drained",
          remaining: 0,
          nodes: { empty: total, total },
        });
        const pods = await untilRunning(arena, 6);
        expect(pods.filter(isBlue)).toEqual([]);
      }),
    ),
  );

const GONE = { type: "Ready", status: "Unknown", reason: "NodeStatusUnknown", message: "no kubelet" };
const ROOM = { cpu: "8", memory: "16Gi", pods: "110" };

/** A node without a kubelet, real or simulated: the node controller marks it as unreachable. */
const putUnreachable = async (arena: Arena, name: string): Promise<void> => {
  const labels = { arena: arena.name, color: "blue", "kubernetes.io/hostname": name };
  await arena.kube.request({
    method: "POST",
    path: collectionPath(KINDS.nodes),
    body: { metadata: { name, labels }, status: { allocatable: ROOM, capacity: ROOM, conditions: [GONE] } },
  });
  await until("the mark of an unreachable node", async () =>
    (await readRawNode(arena.kube, name)).spec.taints?.find(
      ({ key }) => key === "node.kubernetes.io/unreachable",
    ),
  );
};

const unreachable = ({ both }: Bench): void =>
  both(
    "#70 an unreachable node: old terminating pods can be skipped, volumes are not waited for, graces stay",
    inArena("silent", 1, async opened => {
      const arena = await openRoom(opened, 1);
      const node = `${arena.name}-blue-silent`;
      await putUnreachable(arena, node);
      await attach(arena, { name: "left-behind", node, volume: "nobody-knows" });
      await putPod(arena, { name: "going", node, graceSeconds: 3 });
      await putPod(arena, { name: "staying", node, graceSeconds: 3 });
      const tape = await tapePods(arena);
      const path = `${collectionPath(KINDS.pods, arena.name)}/going`;
      await arena.kube.request({ method: "DELETE", path });
      const rules = { force: true, skipWaitForDeleteTimeoutSeconds: 1 };
      const outcome = await drain(arena, { nodes: [...arena.blue, node], rules });
      tape.stop();
      expect(outcome).toMatchObject({ kind: "drained", remaining: 0, nodes: { empty: 2, total: 2 } });
      const ends = endingsOn(tape).map(({ object }) => [object.name, object.deletionGracePeriodSeconds]);
      expect(ends).toEqual([
        ["going", 3],
        ["staying", 3],
      ]);
      for (const pod of await podsOf(arena)) {
        await removePod(arena, pod.name);
        await untilGone(arena, pod);
      }
    }),
  );

const notReady = ({ alone }: Bench): void =>
  alone(
    "#71 a node that is not Ready any more is drained on",
    inArena("sick", 2, async opened => {
      await web(opened, 6);
      const arena = await stage(opened, 6);
      const running = startDrain(arena);
      await firstMove(running);
      const [node = ""] = arena.blue;
      await arena.kube.request({
        method: "PATCH",
        path: nodePath(node),
        body: { metadata: { annotations: { [SIMULATE.fail]: "not-ready" } } },
      });
      expect(await running.outcome).toMatchObject({ kind: "drained", nodes: { empty: 2, total: 2 } });
      expect((await untilRunning(arena, 6)).filter(isBlue)).toEqual([]);
    }),
  );

/** 67 to 73: nodes that change while they are drained. */
export const nodeCases = (bench: Bench): void => {
  arrivals(bench);
  uncordon(bench);
  lost(bench);
  unreachable(bench);
  notReady(bench);
};
