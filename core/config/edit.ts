import { generationId, type GenerationSource } from "../identity/generation";
import type { Problem } from "../problem";
import { accept, refuse, type Result } from "../result";
import { parseKubeVersion } from "../version/kubeVersion";
import { MACHINE_KEYS } from "./machines";
import { blockOf, type PoolSpec } from "./pools";
import type { RetiringSpec } from "./retiring";
import type { StackSpec } from "./stack";

/** One change of the text below `changeover:`. The command that applies it keeps comments and order. */
export interface Edit {
  /** Key by key: ["pools", "workers", "version"]. */
  readonly path: readonly string[];
  /** What to write there, as JSON; absent = remove the key. */
  readonly value?: unknown;
  readonly why: string;
}

const noPool = (stack: StackSpec, pool: string): Problem => ({
  code: "Edit.NoPool",
  path: `pools.${pool}`,
  message: `found "${pool}"; pools are ${[...new Set(stack.pools.map(blockOf))].join(", ")}`,
  fix: "name one of these",
});

/** The pools of one block: itself, or with `perZone` one for each of its zones. What is edited is the block. */
export type Block = readonly [PoolSpec, ...PoolSpec[]];

/** Plans for a block of config, by its name. */
export const withBlock = (
  stack: StackSpec,
  name: string,
  plan: (block: Block) => Result<readonly Edit[]>,
): Result<readonly Edit[]> => {
  const [first, ...others] = stack.pools.filter(pool => blockOf(pool) === name);
  return first === undefined ? refuse([noPool(stack, name)]) : plan([first, ...others]);
};

const idsOf = ({ cluster }: StackSpec, pools: readonly PoolSpec[]): string =>
  pools.map(pool => generationId(cluster.name, pool)).join(", ");

/** `hold`: the pool keeps its present generation, whatever the cluster's version becomes. */
export const planHold = (stack: StackSpec, name: string): Result<readonly Edit[]> =>
  withBlock(stack, name, block =>
    accept([
      { path: ["pools", name, "version"], value: block[0].version, why: "a held pool names its version" },
      {
        path: ["pools", name, "hold"],
        value: true,
        why: `${idsOf(stack, block)} ${block.length > 1 ? "stay as they are" : "stays as it is"}`,
      },
    ]),
  );

/** What a pool moves to; what is absent stays as it is. */
export interface RetireTarget {
  readonly version?: string;
  readonly image?: string;
}

/** `retire`: the pool moves on; the generation it leaves stays in config, frozen, with nothing drained yet. */
export const planRetire = (stack: StackSpec, name: string, to: RetireTarget): Result<readonly Edit[]> =>
  withBlock(stack, name, block => {
    const [pool] = block;
    const { version = pool.version, image = pool.image } = to;
    if (pool.strategy.kind !== "staged") return refuse([notStaged(name)]);
    if (!parseKubeVersion(version).ok) return refuse([notAVersion(name, version)]);
    const cluster = stack.cluster.name;
    if (generationId(cluster, { ...pool, version, image }) === generationId(cluster, pool))
      return refuse([nothingToLeave(name, version)]);
    return accept([
      ...moveTo(name, to),
      {
        path: ["pools", name, "retiring"],
        value: block.flatMap(member => leave(cluster, member)).map(writeEntry),
        why: `${idsOf(stack, block)} ${block.length > 1 ? "are" : "is"} kept under review: raise drainPercent step by step`,
      },
    ]);
  });

/** What a pool is leaving once it moves on. */
const leave = (cluster: string, pool: PoolSpec): readonly RetiringSpec[] => {
  const leaving = freeze(cluster, pool, 0);
  return [...pool.retiring.filter(({ generation }) => generation !== leaving.generation), leaving];
};

const moveTo = (name: string, to: RetireTarget): readonly Edit[] =>
  (["version", "image"] as const).flatMap(key =>
    to[key] === undefined
      ? []
      : [{ path: ["pools", name, key], value: to[key], why: `the pool moves to ${to[key]}` }],
  );

const notStaged = (name: string): Problem => ({
  code: "Retiring.NeedsStaged",
  path: `pools.${name}.strategy.kind`,
  message: 'found "blueGreen"; only a staged pool leaves its generations step by step',
  fix: "set strategy.kind: staged, or change the pool's version: one `up` then moves everything",
});

const notAVersion = (name: string, found: string): Problem => ({
  code: "Version.Unreadable",
  path: `pools.${name}.version`,
  message: `found "${found}"; a version is written as "1.36" or "1.36.4"`,
  fix: "name such a version",
});

const nothingToLeave = (name: string, version: string): Problem => ({
  code: "Edit.NothingToDo",
  path: `pools.${name}.version`,
  message: `found "${version}", which the pool runs already`,
  fix: "name another version or image, or set respin to force a new generation",
});

/** A pool's present generation as an entry to be left. */
export const freeze = (cluster: string, pool: PoolSpec, drainPercent: number): RetiringSpec => {
  const spec = pick(pool, [...MACHINE_KEYS, "size"]);
  return { generation: generationId(cluster, pool), spec, drainPercent, keepCapacity: true, release: false };
};

/** An entry as users write it: shares with their sign, defaults left out. */
export const writeEntry = ({
  generation,
  spec,
  drainPercent,
  keepCapacity,
  notBefore,
  release,
}: RetiringSpec): unknown => ({
  generation,
  spec: { ...writeMachines(spec), size: spec.size },
  drainPercent: `${drainPercent}%`,
  ...(keepCapacity ? {} : { keepCapacity }),
  ...(notBefore === undefined ? {} : { notBefore }),
  ...(release ? { release } : {}),
});

const writeMachines = (source: GenerationSource): Record<string, unknown> =>
  Object.fromEntries(
    MACHINE_KEYS.map(key => [key, source[key]] as const).filter(([, value]) => !isEmpty(value)),
  );

const pick = <T, K extends keyof T>(from: T, keys: readonly K[]): Pick<T, K> =>
  Object.fromEntries(keys.map(key => [key, from[key]])) as Pick<T, K>;

/** Whether config leaves it out. */
export const isEmpty = (value: unknown): boolean =>
  value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0);
