import { statSync } from "node:fs";
import type { ConnectionRecipe } from "../../core/config/connection";
import { TAINT } from "../../core/identity/names";
import { type KubeClient, listNodes, type NodeView, openKube } from "../../kube";
import type { CloudLive, PoolChange, PoolRef } from "../../operations/ports";
import { eventually } from "./temporaryLabs";

/** A cloud with one cluster that is up, and a way to make a generation of a pool in it. */
export interface CloudUnderTest {
  readonly live: CloudLive;
  readonly connection: ConnectionRecipe;
  /** Another way to the same cluster, to look at what came of it. */
  readonly kubeconfig: string;
  /** Makes the generation as the graph would: born unproven, with its least size. */
  readonly makePool: (pool: PoolRef, size: { readonly min: number; readonly max: number }) => Promise<void>;
  readonly close: () => Promise<void>;
}

type Promised = (title: string, test: () => Promise<void>) => void;

const notPromised: Promised = () => undefined;

/**
 * What every cloud's live half must hold (operations/ports.ts), told once. Where machines are listed in config nobody
 * makes or gives back one, and the cluster is there before any stack: that half then holds the other promises.
 */
export const describeCloudContract = (
  cloud: string,
  open: () => Promise<CloudUnderTest>,
  machines: "made" | "listed" = "made",
): void =>
  describe(`the live half of ${cloud}`, () => {
    const ifMade: Promised = machines === "made" ? it : notPromised;
    const ifListed: Promised = machines === "listed" ? it : notPromised;
    let under: CloudUnderTest;
    let kube: KubeClient;
    let pool: PoolChange;

    beforeAll(async () => {
      under = await open();
      kube = await openKube({ kubeconfig: under.kubeconfig });
      pool = {
        connection: under.connection,
        pool: "workers",
        generation: "workers-1-36-abcdef",
        log: () => undefined,
        signal: AbortSignal.timeout(600_000),
      };
      await under.makePool(pool, { min: 2, max: 4 });
    });

    afterAll(async () => {
      await kube.close();
      await under.close();
    });

    const nodes = (): Promise<readonly NodeView[]> =>
      listNodes(kube, { labels: { "changeover.dev/generation": pool.generation } });

    const untilNodes = (count: number): Promise<readonly NodeView[]> =>
      eventually(`${count} nodes`, async () => {
        const found = await nodes();
        return found.length === count ? found : undefined;
      });

    const gone = (): PoolChange => ({ ...pool, generation: "workers-1-35-000000" });

    it("leads to the cluster by a kubeconfig that only its user can read", async () => {
      const access = await under.live.access(under.connection);
      if (access === "absent") throw new Error("the cluster is not there");
      expect(statSync(access.kubeconfig).mode & 0o077).toBe(0);
    });

    ifMade("says absent of a cluster that the cloud does not know", async () => {
      expect(await under.live.access({ ...under.connection, name: "nobody" })).toBe("absent");
    });

    it("says absent of a generation that the cloud does not know, and has nothing to do for it", async () => {
      expect(await under.live.poolSize(gone())).toBe("absent");
      await under.live.closePool(gone());
      await under.live.openPool(gone());
      await under.live.reopenPool(gone());
      await under.live.releaseNodes(gone(), ["nobody"]);
    });

    it("a generation is born with its least size, unproven", async () => {
      expect(await under.live.poolSize(pool)).toBe(2);
      await under.live.reopenPool(pool);
      const born = await untilNodes(2);
      expect(born.every(node => node.taints.some(({ key }) => key === TAINT.unproven.key))).toBe(true);
    });

    ifMade("an open one grows, and what is born then is not unproven", async () => {
      const born = new Set((await nodes()).map(({ name }) => name));
      await under.live.openPool(pool);
      await under.live.resizePool(pool, 3);
      const grown = (await untilNodes(3)).filter(({ name }) => !born.has(name));
      expect(grown.map(node => node.taints.filter(({ key }) => key === TAINT.unproven.key))).toEqual([[]]);
      expect(await under.live.poolSize(pool)).toBe(3);
    });

    ifMade("a closed one does not grow, however often it was closed", async () => {
      await under.live.closePool(pool);
      await under.live.closePool(pool);
      await expect(under.live.resizePool(pool, 4)).rejects.toThrow(/closed|left/);
      expect(await nodes()).toHaveLength(3);
    });

    ifMade("gives back the named machine and no other, and does not replace it", async () => {
      const [first, ...rest] = (await nodes()).map(({ name }) => name);
      await under.live.releaseNodes(pool, [first ?? ""]);
      expect((await untilNodes(2)).map(({ name }) => name)).toEqual(rest);
      await under.live.releaseNodes(pool, [first ?? ""]);
      expect(await under.live.poolSize(pool)).toBe(2);
    });

    ifMade("opened again it grows as before", async () => {
      await under.live.reopenPool(pool);
      await under.live.resizePool(pool, 3);
      await untilNodes(3);
      await under.live.closePool(pool);
      await under.live.openPool(pool);
      await under.live.openPool(pool);
      await under.live.resizePool(pool, 4);
      expect(await untilNodes(4)).toHaveLength(4);
    });

    ifListed("has the machines that joined, and no wish makes more or fewer", async () => {
      await under.live.openPool(pool);
      await under.live.resizePool(pool, 2);
      await expect(under.live.resizePool(pool, 3)).rejects.toThrow(/HostsListed/);
      await expect(under.live.resizePool(pool, 1)).rejects.toThrow(/HostsListed/);
      await under.live.closePool(pool);
      expect(await nodes()).toHaveLength(2);
    });

    ifListed("gives back no machine alone, and has nothing to do for one that is gone", async () => {
      const [first] = (await nodes()).map(({ name }) => name);
      await expect(under.live.releaseNodes(pool, [first ?? ""])).rejects.toThrow(/NotReleased/);
      await under.live.releaseNodes(pool, ["nobody"]);
      expect(await nodes()).toHaveLength(2);
    });

    ifListed("a cluster whose kubeconfig is missing is unknown, never absent", async () => {
      const gone = { ...under.connection, kubeconfig: "/nobody/kubeconfig" };
      await expect(under.live.access(gone)).rejects.toThrow(/NoKubeconfig/);
    });
  });
