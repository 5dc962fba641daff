import type { PoolSpec, RetiringSpec } from "../../core/config";
import { generationId } from "../../core/identity/generation";
import { surgeNodes } from "../../core/upgrade/waves";
import type { MachineSpec } from "../clouds/contract";

/** One generation as the program will declare it. */
export interface GenerationPlan {
  readonly id: string;
  readonly pool: string;
  readonly active: boolean;
  readonly machines: MachineSpec & Pick<PoolSpec, "respin">;
  readonly drain: PoolSpec["drain"];
  /** Percent of a second pool that may exist beside the first. */
  readonly poolSurge: number;
  /** Device → how many each node must offer. */
  readonly expects?: PoolSpec["expects"];
  /** The engine itself refuses to delete it. */
  readonly protect: boolean;
  readonly requireProtect: boolean;
  /** What the cloud calls it, where it was there before us. */
  readonly adopted?: string;
}

/** A pool with the generation it shall run on and those it is leaving under review. */
export interface PoolPlan {
  readonly spec: PoolSpec;
  readonly active: GenerationPlan;
  readonly retiring: readonly GenerationPlan[];
}

/** Pure: the same config always finds its old generations again. */
export const planPool = (cluster: string, spec: PoolSpec): PoolPlan => ({
  spec,
  active: {
    id: generationId(cluster, spec),
    pool: spec.name,
    active: true,
    machines: bornFor(spec),
    drain: spec.drain,
    poolSurge: spec.strategy.poolSurge,
    ...(spec.expects === undefined ? {} : { expects: spec.expects }),
    protect: spec.protect && !spec.remove,
    requireProtect: spec.protect && !spec.remove,
    ...adoptedAs(spec, generationId(cluster, spec)),
  },
  retiring: spec.retiring.map(entry => planRetiring(spec, entry)),
});

/** In waves each generation is born small, and grows once it is known whether another one stands beside it. */
const bornFor = (spec: PoolSpec): GenerationPlan["machines"] =>
  spec.strategy.poolSurge === 100
    ? spec
    : { ...spec, start: surgeNodes(spec.size.min, spec.strategy.poolSurge) };

const planRetiring = (pool: PoolSpec, entry: RetiringSpec): GenerationPlan => ({
  id: entry.generation,
  pool: pool.name,
  active: false,
  machines: { ...entry.spec, size: entry.spec.size },
  drain: pool.drain,
  poolSurge: pool.strategy.poolSurge,
  protect: pool.protect && !entry.release && !pool.remove,
  requireProtect: pool.protect && !entry.release && !pool.remove,
  ...adoptedAs(pool, entry.generation),
});

/** The adopted machines are one generation, whatever the pool moves on to. */
const adoptedAs = ({ adopt }: PoolSpec, id: string): Pick<GenerationPlan, "adopted"> =>
  adopt?.generation === id ? { adopted: adopt.name } : {};

/** Percent of the nodes being left that this config wants emptied: the least over all retiring entries. */
export const plannedPercent = (pool: PoolPlan): number =>
  pool.spec.retiring.reduce((least, entry) => Math.min(least, entry.drainPercent), 100);
