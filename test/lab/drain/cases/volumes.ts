import { collectionPath, isKubeError, KINDS } from "../../../../kube";
import { type Arena, podsOf, until } from "../arena";
import { drain } from "./benchDrain";
import { putBudget, putController, putPod } from "./benchPods";
import type { Bench } from "./benchSites";
import { inArena, isBlue, stage, startDrain, untilOnlyWaiting, untilRunning } from "./scene";
import { attach, detach, isAttached, mounting, putClaim, putLooseVolume } from "./storage";

const blueOf = ({ blue: [node = ""] }: Arena): string => node;

/** One pod with an identity and a volume of its own, which is attached where the pod is. */
const putStore = async (arena: Arena, name: string): Promise<void> => {
  await putClaim(arena, name);
  await putController(arena, { kind: "statefulSets", name, spec: mounting(name) });
  await attach(arena, { name, node: blueOf(arena), volume: name });
};

const present = ({ both }: Bench): void =>
  both(
    "#74 a volume that is still attached is waited for, and its end ends the drain",
    inArena("attached", 1, async opened => {
      await putStore(opened, "db");
      const arena = await stage(opened, 1);
      const running = startDrain(arena);
      await untilOnlyWaiting(running);
      expect((await untilRunning(arena, 1)).filter(isBlue)).toEqual([]);
      expect(running.ended()).toBe(false);
      await detach(arena, "db");
      expect(await running.outcome).toMatchObject({ kind: "drained", moved: 1, nodes: { empty: 1 } });
    }),
  );

const staying = ({ both }: Bench): void =>
  both(
    "#75 #78 volumes of pods that stay, shared or not, and pods without anything attached hold nobody up",
    inArena("staying", 1, async opened => {
      await putClaim(opened, "shared", "ReadWriteMany");
      await putClaim(opened, "files");
      await putController(opened, { kind: "daemonSets", name: "agent", spec: mounting("shared") });
      await putController(opened, { kind: "deployments", name: "web", spec: mounting("shared") });
      await putController(opened, { kind: "deployments", name: "foreign", spec: mounting("files") });
      await attach(opened, { name: "shared", node: blueOf(opened), volume: "shared" });
      const arena = await stage(opened, 3);
      await putPod(arena, { name: "without", node: blueOf(arena), spec: mounting("nowhere") });
      const outcome = await drain(arena, { rules: { force: true } });
      expect(outcome).toMatchObject({ kind: "drained", moved: 3, nodes: { empty: 1, total: 1 } });
      expect(await isAttached(arena, "shared")).toBe(true);
      expect((await podsOf(arena)).filter(isBlue).map(({ labels }) => labels["app"])).toEqual(["agent"]);
    }),
  );

const TWO_SOURCES = {
  persistentVolumeName: "a",
  inlineVolumeSpec: { accessModes: ["ReadWriteOnce"], csi: { driver: "lab.test", volumeHandle: "b" } },
};

const strays = ({ both }: Bench): void => {
  both(
    "#76 #77 volumes that nobody knows are waited for; past the deadline the run ends blocked, with their names",
    inArena("strays", 1, async opened => {
      await putLooseVolume(opened, "loose");
      await attach(opened, { name: "no-volume", node: blueOf(opened), volume: "missing" });
      await attach(opened, { name: "no-claim", node: blueOf(opened), volume: "loose" });
      await putController(opened, { kind: "deployments", name: "web" });
      const arena = await stage(opened, 1);
      const outcome = await drain(arena, { tuning: { detachMs: 3_000 } });
      expect(outcome).toMatchObject({ kind: "blocked", moved: 1, remaining: 0, nodes: { empty: 0 } });
      expect(outcome.kind === "blocked" && outcome.blocked).toMatchObject([
        {
          code: "VOLUME_ATTACHED",
          message: "strays-blue-0 has no pods left and still holds strays-no-claim, strays-no-volume",
        },
      ]);
      expect(outcome.seconds).toBeGreaterThanOrEqual(3);
      for (const name of ["no-volume", "no-claim"]) await detach(arena, name);
      expect(await drain(arena)).toMatchObject({ kind: "drained", nodes: { empty: 1 } });
    }),
  );

  both("#76 the server itself refuses an attachment of two sources", async ({ kube }) => {
    const refused = await kube
      .request({
        method: "POST",
        path: collectionPath(KINDS.attachments),
        body: {
          metadata: { name: "two-sources" },
          spec: { attacher: "lab.test", nodeName: "nowhere", source: TWO_SOURCES },
        },
      })
      .catch((error: unknown) => error);
    expect(isKubeError(refused, "invalid")).toBe(true);
  });
};

const parallel = ({ both }: Bench): void =>
  both(
    "#79 pods with volumes of different workloads go at the same time: none waits for another's volume",
    inArena("parallel", 1, async opened => {
      const stores = ["one", "two", "three"];
      for (const name of stores) await putStore(opened, name);
      for (const name of stores) await putBudget(opened, name, { maxUnavailable: 1 });
      const arena = await stage(opened, 3);
      const running = startDrain(arena);
      await until("three successors", async () =>
        (await untilRunning(arena, 3)).every(pod => !isBlue(pod)) ? true : undefined,
      );
      for (const name of stores) expect(await isAttached(arena, name)).toBe(true);
      for (const name of stores) await detach(arena, name);
      expect(await running.outcome).toMatchObject({ kind: "drained", moved: 3 });
    }),
  );

/** 74 to 79: volumes that are still on their node. */
export const volumeCases = (bench: Bench): void => {
  present(bench);
  staying(bench);
  strays(bench);
  parallel(bench);
};
