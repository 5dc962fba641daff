import { generationId, type GenerationSource } from "../identity/generation";
import type { Problem } from "../problem";
import { accept, refuse, type Result } from "../result";
import { parseKubeVersion, minorText } from "../version/kubeVersion";
import { MACHINE_KEYS } from "./machines";
import type { PoolSpec } from "./pools";
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
  message: `found "${pool}"; pools are ${stack.pools.map(({ name }) => name).join(", ")}`,
  fix: "name one of these",
});

const withPool = (
  stack: StackSpec,
  name: string,
  plan: (pool: PoolSpec) => Result<readonly Edit[]>,
): Result<readonly Edit[]> => {
  const pool = stack.pools.find(candidate => candidate.name === name);
  return pool === undefined ? refuse([noPool(stack, name)]) : plan(pool);
};

/** `hold`: the pool keeps its present generation, whatever the cluster's version becomes. */
export const planHold = (stack: StackSpec, name: string): Result<readonly Edit[]> =>
  withPool(stack, name, pool =>
    accept([
      { path: ["pools", name, "version"], value: pool.version, why: "a held pool names its version" },
      {
        path: ["pools", name, "hold"],
        value: true,
        why: `${generationId(stack.cluster.name, pool)} stays as it is`,
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
  withPool(stack, name, pool => {
    const { version = pool.version, image = pool.image } = to;
    if (pool.strategy.kind !== "staged") return refuse([notStaged(name)]);
    if (!parseKubeVersion(version).ok) return refuse([notAVersion(name, version)]);
    const leaving = generationId(stack.cluster.name, pool);
    if (generationId(stack.cluster.name, { ...pool, version, image }) === leaving)
      return refuse([nothingToLeave(name, version)]);
    const others = pool.retiring.filter(({ generation }) => generation !== leaving);
    return accept([
      ...moveTo(name, to),
      {
        path: ["pools", name, "retiring"],
        value: [...others.map(writeEntry), writeEntry(freeze(stack.cluster.name, pool, 0))],
        why: `${leaving} is kept under review: raise drainPercent step by step`,
      },
    ]);
  });

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
const freeze = (cluster: string, pool: PoolSpec, drainPercent: number): RetiringSpec => {
  const spec = pick(pool, [...MACHINE_KEYS, "size"]);
  return { generation: generationId(cluster, pool), spec, drainPercent, keepCapacity: true, release: false };
};

/** An entry as users write it: shares with their sign, defaults left out. */
const writeEntry = ({
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

const isEmpty = (value: unknown): boolean =>
  value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0);

/** The generation a pool shall serve from again, and the kubelet versions seen on its nodes. */
export interface RollbackTarget {
  readonly generation: string;
  readonly kubelets: readonly string[];
}

/** `rollback`: config describes the older generations again; the control plane stays where it is. */
export const planRollback = (
  stack: StackSpec,
  targets: Readonly<Record<string, RollbackTarget>>,
): Result<readonly Edit[]> => {
  const plans = Object.entries(targets).map(([name, target]) =>
    withPool(stack, name, pool => planPoolBack(stack.cluster.name, pool, target)),
  );
  const problems = plans.flatMap(plan => (plan.ok ? [] : plan.problems));
  return problems.length > 0 ? refuse(problems) : accept(plans.flatMap(plan => (plan.ok ? plan.value : [])));
};

const planPoolBack = (cluster: string, pool: PoolSpec, target: RollbackTarget): Result<readonly Edit[]> => {
  if (generationId(cluster, pool) === target.generation) return accept([]);
  const listed = pool.retiring.find(({ generation }) => generation === target.generation);
  return listed === undefined ? versionBack(cluster, pool, target) : accept(swap(cluster, pool, listed));
};

/** Where only the version differs, one line brings the old generation back: the hash in its name proves it. */
const versionBack = (cluster: string, pool: PoolSpec, target: RollbackTarget): Result<readonly Edit[]> => {
  const seen = target.kubelets.flatMap(text => {
    const version = parseKubeVersion(text);
    return version.ok ? [minorText(version.value), /\d+\.\d+\.\d+/.exec(text)?.[0] ?? ""] : [];
  });
  const version = seen.find(
    text => text !== "" && generationId(cluster, { ...pool, version: text }) === target.generation,
  );
  if (version === undefined) return refuse([otherSettings(pool.name, target.generation)]);
  return accept([
    { path: ["pools", pool.name, "version"], value: version, why: `back to ${target.generation}` },
  ]);
};

const otherSettings = (name: string, generation: string): Problem => ({
  code: "Edit.OtherSettings",
  path: `pools.${name}`,
  message: `${generation} differs from the present settings in more than its version, so one line does not bring it back`,
  fix: `restore pools.${name} as it was from version control; its hash is checked`,
});

/** In staged mode nothing is taken out of config: the two generations change places. */
const swap = (cluster: string, pool: PoolSpec, listed: RetiringSpec): readonly Edit[] => {
  const others = pool.retiring.filter(({ generation }) => generation !== listed.generation);
  const settings = MACHINE_KEYS.map(key => ({ key, value: listed.spec[key] }));
  const why = `back to ${listed.generation}`;
  return [
    ...settings
      .filter(({ key, value }) => JSON.stringify(value) !== JSON.stringify(pool[key]))
      .map(({ key, value }) => ({
        path: ["pools", pool.name, key],
        ...(isEmpty(value) ? {} : { value }),
        why,
      })),
    {
      path: ["pools", pool.name, "retiring"],
      value: [...others, freeze(cluster, pool, 100)].map(writeEntry),
      why: `${generationId(cluster, pool)} is kept and emptied`,
    },
  ];
};
