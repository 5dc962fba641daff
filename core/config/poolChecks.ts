import { generationId } from "../identity/generation";
import { parseGenerationId } from "../identity/names";
import type { Problem } from "../problem";
import { type ClusterSpec, isAdoptable } from "./cluster";
import type { PoolEntry, PoolSpec } from "./pools";

/** A block as written, and what it becomes where the cluster could be read. */
export interface PoolUnderCheck {
  readonly name: string;
  /** The pools it stands for: itself, or one for each zone. */
  readonly names: readonly string[];
  readonly entry: PoolEntry;
  readonly resolved?: { readonly cluster: ClusterSpec; readonly pools: readonly PoolSpec[] };
}

type Check = (pool: PoolUnderCheck) => readonly Problem[];

const pathOf = ({ name }: PoolUnderCheck, key: string): string => `pools.${name}.${key}`;

const holdNeedsVersion: Check = pool =>
  !pool.entry.hold || pool.entry.version !== undefined
    ? []
    : [
        {
          code: "Pool.HoldNeedsVersion",
          path: pathOf(pool, "version"),
          message: "missing; a held pool keeps its version, so it can't follow the cluster's",
          fix: "write the version the pool runs now",
        },
      ];

const holdOrRemove: Check = pool =>
  !pool.entry.hold || !pool.entry.remove
    ? []
    : [
        {
          code: "Pool.HoldAndRemove",
          path: pathOf(pool, "remove"),
          message: "found hold: true and remove: true; a pool is either kept as it is or emptied",
          fix: "remove one of the two",
        },
      ];

const protectNeedsStaged: Check = pool =>
  pool.entry.protect !== true || pool.entry.strategy.kind === "staged"
    ? []
    : [
        {
          code: "Pool.ProtectWithOneShot",
          path: pathOf(pool, "protect"),
          message:
            'found true with strategy.kind "blueGreen"; a one-shot upgrade deletes the old generation in the same `up`, which protection forbids',
          fix: "set strategy.kind: staged, or remove protect",
        },
      ];

const wavesNeedOneShot: Check = pool =>
  pool.entry.strategy.poolSurge === 100 || pool.entry.strategy.kind === "blueGreen"
    ? []
    : [
        {
          code: "Pool.WavesWhenStaged",
          path: pathOf(pool, "strategy.poolSurge"),
          message: `found ${pool.entry.strategy.poolSurge}% with strategy.kind "staged"; a staged pool keeps its old machines for the way back, waves give them back one after another`,
          fix: 'set poolSurge: "100%", or strategy.kind: blueGreen',
        },
      ];

const retiringNeedsStaged: Check = pool =>
  pool.entry.retiring.length === 0 || pool.entry.strategy.kind === "staged"
    ? []
    : [
        {
          code: "Retiring.NeedsStaged",
          path: pathOf(pool, "retiring"),
          message:
            'found entries with strategy.kind "blueGreen"; only a staged pool leaves its generations step by step',
          fix: "set strategy.kind: staged, or remove the entries",
        },
      ];

const retiringBelongs: Check = pool =>
  pool.entry.retiring.flatMap(({ generation }, index) => {
    const owner = parseGenerationId(generation)?.pool;
    if (owner !== undefined && pool.names.includes(owner)) return [];
    return [
      {
        code: "Retiring.UnknownPool",
        path: pathOf(pool, `retiring.${index}.generation`),
        message: `found "${generation}", a generation of pool "${owner ?? "?"}"; this list belongs to pool ${pool.names.map(name => `"${name}"`).join(", ")}`,
        fix: "move the entry to its own pool, or correct the id",
      } as const,
    ];
  });

const retiringOnce: Check = pool =>
  pool.entry.retiring.flatMap(({ generation }, index) => {
    if (pool.entry.retiring.findIndex(other => other.generation === generation) === index) return [];
    return [
      {
        code: "Retiring.Duplicate",
        path: pathOf(pool, `retiring.${index}.generation`),
        message: `found "${generation}" twice; each generation is listed once`,
        fix: "remove one of the entries",
      } as const,
    ];
  });

const retiringIsNotActive: Check = pool => {
  if (pool.resolved === undefined) return [];
  const { cluster, pools } = pool.resolved;
  const active = pools.map(member => generationId(cluster.name, member));
  return pool.entry.retiring.flatMap(({ generation }, index) => {
    if (!active.includes(generation)) return [];
    return [
      {
        code: "Retiring.IsActive",
        path: pathOf(pool, `retiring.${index}.generation`),
        message: `found "${generation}", which is the generation the pool's own settings ask for; one can't be entered and left at once`,
        fix: "remove the entry, or change the pool's settings to those of another generation",
      } as const,
    ];
  });
};

const retiringHashHolds: Check = pool => {
  const cluster = pool.resolved?.cluster.name;
  if (cluster === undefined) return [];
  return pool.entry.retiring.flatMap(({ generation, spec }, index) => {
    const name = parseGenerationId(generation)?.pool ?? "";
    const made = generationId(cluster, { name, ...spec });
    if (made === generation || !pool.names.includes(name)) return [];
    return [
      {
        code: "Retiring.HashMismatch",
        path: pathOf(pool, `retiring.${index}.spec`),
        message: `these settings make "${made}", the entry is called "${generation}"; a retiring generation is frozen`,
        fix: "restore the settings as `changeover retire` wrote them",
      } as const,
    ];
  });
};

const adoptBelongs: Check = pool => {
  const found = pool.entry.adopt?.generation ?? "";
  const owner = parseGenerationId(found)?.pool;
  return owner === undefined || pool.entry.perZone || owner === pool.name
    ? []
    : [
        {
          code: "Adopt.OtherPool",
          path: pathOf(pool, "adopt.generation"),
          message: `found "${found}", a generation of pool "${owner}"; this is pool "${pool.name}"`,
          fix: "move the entry to its own pool, or run `changeover adopt`, which writes it",
        },
      ];
};

const adoptIsBuilt: Check = ({ entry, name, resolved }) =>
  entry.adopt === undefined || resolved === undefined || isAdoptable(resolved.cluster.cloud)
    ? []
    : [
        {
          code: "Config.NotAllowed",
          path: `pools.${name}.adopt`,
          message: `found on cloud "${resolved.cluster.cloud}"; existing pools are taken over on eks, gke, aks and kubeadm`,
          fix: `remove pools.${name}.adopt`,
        },
      ];

/** Rules between the settings of one pool. They need no cluster where they don't say so, so that all are reported at once. */
export const POOL_CHECKS: readonly Check[] = [
  holdNeedsVersion,
  holdOrRemove,
  protectNeedsStaged,
  wavesNeedOneShot,
  retiringNeedsStaged,
  retiringBelongs,
  retiringOnce,
  retiringIsNotActive,
  retiringHashHolds,
  adoptBelongs,
  adoptIsBuilt,
];
