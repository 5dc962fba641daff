import { serialiseLedger } from "../../../../core/upgrade/ledger";
import { proveGeneration } from "../../../../operations/generation/prove";
import { migratePool } from "../../../../operations/migration/migrate";
import type { CloudLive, PoolRef } from "../../../../operations/ports";
import { scriptApi } from "../../../support/scriptedApi";

const BLUE = "workers-1-35-aaaaaa";
const GREEN = "workers-1-36-bbbbbb";
const connection = { cloud: "lab", name: "c" } as const;

const node = (name: string, generation: string): object => ({
  metadata: {
    ...{ name, uid: name, resourceVersion: "1" },
    labels: { "changeover.dev/pool": "workers", "changeover.dev/generation": generation },
  },
  status: { conditions: [{ type: "Ready", status: "True" }], nodeInfo: { kubeletVersion: "v1.35.8" } },
});

/** Two old nodes, three new ones, which are open. */
const NODES = [
  ...["b1", "b2"].map(name => node(name, BLUE)),
  ...["g1", "g2", "g3"].map(name => node(name, GREEN)),
];
const LEDGER = serialiseLedger({ pools: { workers: { active: GREEN, epoch: 2, previous: BLUE } } });

const { kube } = scriptApi(({ path }) => {
  if (path.endsWith("/nodes")) return { metadata: { resourceVersion: "1" }, items: NODES };
  if (path.endsWith("/configmaps/changeover-ledger"))
    return { metadata: { name: "changeover-ledger", resourceVersion: "1" }, data: { "ledger.json": LEDGER } };
  return undefined;
});

class Enough extends Error {}

/** A cloud that notes what it is told, until the call that ends the story. */
const noting = (last: string) => {
  const told: string[] = [];
  const note =
    (call: string) =>
    ({ generation }: PoolRef): Promise<void> => {
      told.push(`${call} ${generation}`);
      return call === last ? Promise.reject(new Enough()) : Promise.resolve();
    };
  const names = ["reopenPool", "suspendRebalance", "boundPool", "resizePool", "closePool", "openPool"];
  const live = {
    ...Object.fromEntries(names.map(name => [name, note(name)])),
    poolSize: ({ generation }: PoolRef) => Promise.resolve(generation === BLUE ? 2 : 3),
  } as unknown as CloudLive;
  const ports = { kube, live, now: Date.now, log: () => undefined, run: "run" };
  return { told, ports };
};

const { signal } = new AbortController();

describe("a generation that was closed when it was left", () => {
  const wanted = { connection, pool: "workers", size: { min: 2, max: 4 }, timeoutSeconds: 1 };

  it("is opened before it grows, and nobody evens out its zones from then on", async () => {
    const { told, ports } = noting("resizePool");
    const back = { ...wanted, generation: BLUE, version: "1.35" };
    await expect(proveGeneration(ports, back, signal)).rejects.toThrow(Enough);
    expect(told).toEqual(
      ["reopenPool", "suspendRebalance", "boundPool", "resizePool"].map(call => `${call} ${BLUE}`),
    );
  });

  it.each([
    ["is as large as it has to be", { generation: GREEN, version: "1.36" }],
    ["moves in waves, which grow it", { generation: BLUE, version: "1.35", poolSurge: 50 }],
  ])("stays closed where it %s", async (_which, { ...generation }) => {
    const { told, ports } = noting("suspendRebalance");
    await expect(proveGeneration(ports, { ...wanted, ...generation }, signal)).rejects.toThrow();
    expect(told.filter(call => call.startsWith("reopenPool"))).toEqual([]);
  });

  it("is closed again before anything moves, in case a try to go back opened it", async () => {
    const { told, ports } = noting("closePool");
    const forward = {
      ...{ connection, pool: "workers", generation: GREEN, removing: false, epoch: 2, retiring: [] },
      drain: { timeoutSeconds: 1, deadlinePerUpSeconds: 1 },
    };
    await expect(migratePool(ports, forward, signal)).rejects.toThrow(Enough);
    expect(told).toEqual([`closePool ${BLUE}`]);
  });
});
