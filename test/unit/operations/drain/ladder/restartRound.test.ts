import type { Target } from "../../../../../core/drain/ladder/target";
import type { World } from "../../../../../core/drain/world";
import type { LiveLadder } from "../../../../../operations/drain/ladder/live";
import { restartRound } from "../../../../../operations/drain/ladder/restartRound";
import { set, talk, workload } from "../../../../support/drainSimulator/builders";

const WEB = "shop/Deployment/web";
const web = workload(3, { uid: "deploy-web", kind: "Deployment" });
const worldOf = (...workloads: readonly (typeof web)[]): World =>
  talk(workloads.map(set.workload)).state().world;

const counts = (updated: number) => ({ all: 3, updated, available: updated });
const target = (updated: number): Target =>
  ({
    replicas: 3,
    generation: 2,
    observedGeneration: 2,
    overdue: false,
    counts: counts(updated),
  }) as unknown as Target;

const complete = (): Promise<Target> => Promise.resolve(target(3));
const halfWay = (): Promise<Target> => Promise.resolve(target(2));

interface Look {
  readonly now?: number;
  readonly world?: World;
}

/** What is left of one restart after a round. */
const after = async (
  read: () => Promise<Target | undefined>,
  { now = 0, world = worldOf(web) }: Look = {},
): Promise<number> => {
  const restarts = new Map([[WEB, 1_000]]);
  await restartRound({ now: () => now, read, restarts } as unknown as LiveLadder, world);
  return restarts.size;
};

describe("a rollout that the ladder has begun", () => {
  it("goes on while old pods are there", async () => {
    expect(await after(halfWay)).toBe(1);
  });

  it("is over when all its pods are new and available, or its Deployment is gone", async () => {
    expect(await after(complete)).toBe(0);
    expect(await after(() => Promise.resolve(undefined))).toBe(0);
    expect(await after(halfWay, { world: worldOf() })).toBe(0);
  });

  it("counts as going on when nobody can tell, until its time is up", async () => {
    const silent = (): Promise<never> => Promise.reject(new Error("503"));
    expect(await after(silent, { now: 999 })).toBe(1);
    expect(await after(silent, { now: 1_000 })).toBe(0);
  });
});
