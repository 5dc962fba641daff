import { generationId } from "../identity/generation";
import type { Problem } from "../problem";
import { accept, refuse, type Result } from "../result";
import { minorText, parseKubeVersion } from "../version/kubeVersion";
import { type Block, type Edit, freeze, isEmpty, withBlock, writeEntry } from "./edit";
import { MACHINE_KEYS } from "./machines";
import { blockOf, type PoolSpec } from "./pools";
import type { RetiringSpec } from "./retiring";
import type { StackSpec } from "./stack";

/** The generation a pool shall serve from again, and the kubelet versions seen on its nodes. */
export interface RollbackTarget {
  readonly generation: string;
  readonly kubelets: readonly string[];
}

type Targets = Readonly<Record<string, RollbackTarget>>;

/** The pools that names of blocks stand for; a name that is none stays, for whoever looks for it. */
export const poolsNamed = (
  { pools }: Pick<StackSpec, "pools">,
  names: readonly string[],
): readonly string[] =>
  names.flatMap(name => {
    const members = pools.filter(pool => blockOf(pool) === name).map(pool => pool.name);
    return members.length === 0 ? [name] : members;
  });

/** `rollback`: config describes the older generations again; the control plane stays where it is. */
export const planRollback = (stack: StackSpec, targets: Targets): Result<readonly Edit[]> => {
  const blockNamed = (target: string): string =>
    blockOf(stack.pools.find(({ name }) => name === target) ?? { name: target });
  const plans = [...new Set(Object.keys(targets).map(blockNamed))].map(name =>
    withBlock(stack, name, block => planBlockBack(stack.cluster.name, block, targets)),
  );
  const problems = plans.flatMap(plan => (plan.ok ? [] : plan.problems));
  return problems.length > 0 ? refuse(problems) : accept(plans.flatMap(plan => (plan.ok ? plan.value : [])));
};

/** One pool's way back: what its block says then, and what it keeps beside it in staged mode. */
interface PoolBack {
  readonly pool: PoolSpec;
  readonly target: string;
  readonly settings: readonly Setting[];
  readonly retiring?: readonly RetiringSpec[];
}

interface Setting {
  readonly key: string;
  readonly value?: unknown;
}

const planBlockBack = (cluster: string, block: Block, targets: Targets): Result<readonly Edit[]> => {
  const plans = block.flatMap(pool => {
    const target = targets[pool.name];
    return target === undefined ? [] : [planPoolBack(cluster, pool, target)];
  });
  const problems = plans.flatMap(plan => (plan.ok ? [] : plan.problems));
  if (problems.length > 0) return refuse(problems);
  const backs = plans.flatMap(plan => (plan.ok ? [plan.value] : []));
  const ways = new Set(backs.map(({ settings }) => JSON.stringify(settings)));
  if (backs.length < block.length || ways.size > 1) return refuse([zonesApart(block, backs)]);
  return accept(editsOf(cluster, backs));
};

/** One line of a block goes for all its zones: where they would need different ones, a person decides. */
const zonesApart = ([first]: Block, backs: readonly PoolBack[]): Problem => {
  const name = blockOf(first);
  return {
    code: "Edit.ZonesApart",
    path: `pools.${name}`,
    message: `its zones have no common way back: older generations are ${backs.map(({ target }) => target).join(", ")}`,
    fix: `set pools.${name} back by hand: a zone without its old nodes gets new ones, and the preview shows which`,
  };
};

const editsOf = (cluster: string, backs: readonly PoolBack[]): readonly Edit[] => {
  const [first] = backs;
  if (first === undefined) return [];
  const name = blockOf(first.pool);
  const why = `back to ${backs.map(({ target }) => target).join(", ")}`;
  const settings = first.settings.map(({ key, ...value }) => ({ path: ["pools", name, key], ...value, why }));
  if (backs.every(({ retiring }) => retiring === undefined)) return settings;
  const kept = backs.filter(({ retiring }) => retiring !== undefined);
  const ids = kept.map(({ pool }) => generationId(cluster, pool)).join(", ");
  return [
    ...settings,
    {
      path: ["pools", name, "retiring"],
      value: backs.flatMap(({ pool, retiring = pool.retiring }) => retiring).map(writeEntry),
      why: `${ids} ${kept.length > 1 ? "are" : "is"} kept and emptied`,
    },
  ];
};

const planPoolBack = (cluster: string, pool: PoolSpec, target: RollbackTarget): Result<PoolBack> => {
  const back = { pool, target: target.generation };
  if (generationId(cluster, pool) === target.generation) return accept({ ...back, settings: [] });
  const listed = pool.retiring.find(({ generation }) => generation === target.generation);
  if (listed !== undefined) return accept({ ...back, ...swap(cluster, pool, listed) });
  const version = versionBack(cluster, pool, target);
  return version === undefined
    ? refuse([otherSettings(pool, target.generation)])
    : accept({ ...back, settings: [{ key: "version", value: version }] });
};

/** Where only the version differs, one line brings the old generation back: the hash in its name proves it. */
const versionBack = (cluster: string, pool: PoolSpec, target: RollbackTarget): string | undefined => {
  const seen = target.kubelets.flatMap(text => {
    const version = parseKubeVersion(text);
    return version.ok ? [minorText(version.value), /\d+\.\d+\.\d+/.exec(text)?.[0] ?? ""] : [];
  });
  return seen.find(
    text => text !== "" && generationId(cluster, { ...pool, version: text }) === target.generation,
  );
};

const otherSettings = (pool: PoolSpec, generation: string): Problem => ({
  code: "Edit.OtherSettings",
  path: `pools.${blockOf(pool)}`,
  message: `${generation} differs from the present settings in more than its version, so one line does not bring it back`,
  fix: `restore pools.${blockOf(pool)} as it was from version control; its hash is checked`,
});

/** In staged mode nothing is taken out of config: the two generations change places. */
const swap = (
  cluster: string,
  pool: PoolSpec,
  listed: RetiringSpec,
): Pick<PoolBack, "settings" | "retiring"> => {
  const others = pool.retiring.filter(({ generation }) => generation !== listed.generation);
  const settings = MACHINE_KEYS.map(key => ({ key, value: listed.spec[key] }))
    .filter(({ key, value }) => JSON.stringify(value) !== JSON.stringify(pool[key]))
    .map(({ key, value }) => ({ key, ...(isEmpty(value) ? {} : { value }) }));
  return { settings, retiring: [...others, freeze(cluster, pool, 100)] };
};
