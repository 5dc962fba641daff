import { generationId } from "../identity/generation";
import type { Problem } from "../problem";
import { accept, refuse, type Result } from "../result";
import { planAddOns } from "./adoptAddOns";
import { applyEdits } from "./applyEdits";
import type { Edit } from "./edit";
import type { ExistingCluster, ExistingPool } from "./existing";
import { isName, NAME_LENGTH, nameRule } from "./labelText";
import { asRaw, type Raw } from "./raw";
import { parseStack, type StackSpec } from "./stack";

/** What is asked for: the cloud's name of a pool → what config calls it, "" = a name made of the cloud's. */
export type AdoptionWish = Readonly<Record<string, string>>;

/** One pool that is taken over. */
export interface AdoptedPool {
  readonly pool: string;
  readonly generation: string;
  readonly existing: ExistingPool;
}

export interface Adoption {
  readonly spec: StackSpec;
  readonly edits: readonly Edit[];
  readonly pools: readonly AdoptedPool[];
  /** Pools at the cloud that stay nobody's. */
  readonly left: readonly string[];
  /** Add-ons that become the stack's own. */
  readonly addOns: readonly string[];
  /** Those that stay whose they are, each with the reason. */
  readonly leftAddOns: readonly string[];
}

/** Pool → what the cloud calls the machines it adopted, as the file has it. */
export const adoptedIn = (raw: Raw): ReadonlyMap<string, string> =>
  new Map(
    Object.entries(asRaw(raw["pools"])).flatMap(([pool, entry]) => {
      const name = asRaw(asRaw(entry)["adopt"])["name"];
      return typeof name === "string" ? [[pool, name] as const] : [];
    }),
  );

/** A name that config takes, made of the cloud's. */
const plainName = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, NAME_LENGTH)
    .replaceAll(/^-+|-+$/g, "");

interface Chosen {
  readonly pool: string;
  readonly existing: ExistingPool;
  readonly known: boolean;
}

/** Every pool that changeover did not make, or those that were asked for. */
const choose = (raw: Raw, { pools }: ExistingCluster, wish: AdoptionWish): readonly Chosen[] => {
  const known = new Map([...adoptedIn(raw)].map(([pool, name]) => [name, pool]));
  const all = Object.keys(wish).length === 0;
  return pools
    .filter(({ name, made }) => !made && (all || wish[name] !== undefined || known.has(name)))
    .map(existing => {
      const pool = known.get(existing.name) ?? (wish[existing.name] || plainName(existing.name));
      return { existing, pool, known: known.has(existing.name) };
    });
};

const checkWish = ({ pools }: ExistingCluster, wish: AdoptionWish): readonly Problem[] =>
  Object.keys(wish)
    .filter(name => !pools.some(pool => pool.name === name))
    .map(name => ({
      code: "Adopt.NoSuchPool",
      path: name,
      message: `the cluster has no pool "${name}"; it has ${pools.map(pool => pool.name).join(", ") || "none"}`,
      fix: "name one of these",
    }));

const checkName = (raw: Raw, chosen: readonly Chosen[], one: Chosen): readonly Problem[] => {
  const { pool, existing } = one;
  const path = `pools.${pool}`;
  const fix = `name it: changeover adopt NAME=${existing.name}`;
  if (!isName(pool, NAME_LENGTH))
    return [{ code: "Config.Name", path, message: `found "${pool}"; ${nameRule(NAME_LENGTH)}`, fix }];
  const twice = chosen.some(other => other !== one && other.pool === pool);
  const taken = !one.known && asRaw(raw["pools"])[pool] !== undefined;
  const message = `"${existing.name}" can't become pool "${pool}": ${twice ? "another one would be called so" : "config has such a pool, which is not this one"}`;
  return twice || taken ? [{ code: "Adopt.NameTaken", path, message, fix }] : [];
};

/** A file that names another version was written for another day: which of the two is meant can't be told. */
const checkVersion = (raw: Raw, existing: ExistingCluster): readonly Problem[] => {
  const block = asRaw(raw["cluster"]);
  const [written, live] = [block["version"], existing.cluster.version];
  return written === undefined || written === live || block["adopt"] !== undefined
    ? []
    : [
        {
          code: "Adopt.OtherVersion",
          path: "cluster.version",
          message: `found ${JSON.stringify(written)}; the cluster runs "${live}"`,
          fix: `write "${live}": taking over and upgrading are two \`up\`s`,
        },
      ];
};

const clusterEdits = (raw: Raw, { cluster }: ExistingCluster): readonly Edit[] => {
  const block = asRaw(raw["cluster"]);
  if (block["adopt"] !== undefined) return [];
  const adopt = { version: cluster.version };
  const why = "the control plane is taken over as it is";
  if (raw["cluster"] === undefined) return [{ path: ["cluster"], value: { ...cluster, adopt }, why }];
  const missing = Object.entries(cluster).filter(([key]) => block[key] === undefined);
  return [...missing, ["adopt", adopt] as const].map(([key, value]) => ({
    path: ["cluster", key],
    value,
    why,
  }));
};

const at = (raw: Raw, path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, key) => asRaw(inner)[key], raw);

/** Where the cluster's own block names some of its pools, in config's names. */
const listEdits = (raw: Raw, fresh: readonly Chosen[]): readonly Edit[] => {
  const lists = new Map(
    fresh.flatMap(({ existing: { listedIn: path } }) => (path ? [[path.join(), path]] : [])),
  );
  return [...lists.values()].flatMap(list => {
    const path = ["cluster", ...list];
    const found = at(raw, path);
    const before: readonly unknown[] = Array.isArray(found) ? found : [];
    const named = fresh.filter(({ existing }) => existing.listedIn?.join() === list.join());
    const added = named.map(({ pool }) => pool).filter(pool => !before.includes(pool));
    return added.length === 0 ? [] : [{ path, value: [...before, ...added], why: "as the cloud has them" }];
  });
};

/** A managed cloud gives nobody its etcd, and nothing else is built: said in the file, not found out by the first `up`. */
const backupEdits = (raw: Raw, { cluster }: ExistingCluster): readonly Edit[] =>
  raw["backup"] === undefined && cluster["cloud"] !== "kubeadm"
    ? [{ path: ["backup"], value: { kind: "none" }, why: "this cloud gives nobody its etcd" }]
    : [];

const poolEdit = ({ cluster }: ExistingCluster, { pool, existing }: Chosen): Edit => {
  const { version, ...rest } = existing.entry;
  const own = version === cluster.version ? {} : { version };
  return {
    path: ["pools", pool],
    value: { ...own, ...rest },
    why: `${existing.name} is this pool's first generation`,
  };
};

/** What is gone can't be imported any more: its entry would end the next `up` that makes such a generation again. */
const staleEdits = (raw: Raw, { pools }: ExistingCluster): readonly Edit[] =>
  [...adoptedIn(raw)]
    .filter(([, name]) => !pools.some(pool => pool.name === name))
    .map(([pool, name]) => ({ path: ["pools", pool, "adopt"], why: `${name} is gone` }));

const adoptEdit = (spec: StackSpec, { pool, existing }: Chosen): readonly Edit[] => {
  const made = spec.pools.find(one => one.name === pool);
  if (made === undefined) return [];
  const value = { name: existing.name, generation: generationId(spec.cluster.name, made) };
  return [{ path: ["pools", pool, "adopt"], value, why: "it keeps its name at the cloud" }];
};

const describeAdopted = (spec: StackSpec, { pool, existing }: Chosen): readonly AdoptedPool[] => {
  const generation = spec.pools.find(one => one.name === pool)?.adopt?.generation;
  return generation === undefined ? [] : [{ pool, generation, existing }];
};

/**
 * `adopt`: config describes the cluster that is there, and each of its pools as a first generation. Nothing but config
 * changes by it. Refused with every reason at once.
 */
export const planAdoption = (raw: Raw, existing: ExistingCluster, wish: AdoptionWish): Result<Adoption> => {
  const chosen = choose(raw, existing, wish);
  const problems = [
    ...existing.problems,
    ...checkWish(existing, wish),
    ...checkVersion(raw, existing),
    ...chosen.flatMap(one => (one.known ? [] : [...checkName(raw, chosen, one), ...one.existing.problems])),
    ...(chosen.length === 0 && asRaw(raw["cluster"])["adopt"] === undefined ? [nothingThere(existing)] : []),
  ];
  if (problems.length > 0) return refuse(problems);
  const fresh = chosen.filter(({ known }) => !known);
  const addOns = planAddOns(raw, existing.addOns);
  const edits = [
    ...clusterEdits(raw, existing),
    ...listEdits(raw, fresh),
    ...fresh.map(one => poolEdit(existing, one)),
    ...backupEdits(raw, existing),
    ...staleEdits(raw, existing),
    ...addOns.edits,
  ];
  const described = parseStack(applyEdits(raw, edits));
  if (!described.ok) return described;
  const all = [...edits, ...fresh.flatMap(one => adoptEdit(described.value, one))];
  const spec = parseStack(applyEdits(raw, all));
  if (!spec.ok) return spec;
  return accept({
    spec: spec.value,
    edits: mergePools(all),
    pools: chosen.flatMap(one => describeAdopted(spec.value, one)),
    addOns: addOns.taken,
    leftAddOns: addOns.left,
    left: existing.pools
      .filter(pool => !pool.made && !chosen.some(one => one.existing === pool))
      .map(one => one.name),
  });
};

/** A pool's entry and its adoption are one edit to whoever reads them. */
const mergePools = (edits: readonly Edit[]): readonly Edit[] => {
  const isAdoption = ({ path, value }: Edit): boolean =>
    path[0] === "pools" && path[2] === "adopt" && value !== undefined;
  return edits
    .filter(edit => !isAdoption(edit))
    .map(edit => {
      const adoption = edits.find(other => isAdoption(other) && other.path[1] === edit.path[1]);
      if (edit.path[0] !== "pools" || edit.path.length > 2 || adoption === undefined) return edit;
      return { ...edit, value: { ...asRaw(edit.value), adopt: adoption.value } };
    });
};

const nothingThere = ({ cluster }: ExistingCluster): Problem => ({
  code: "Adopt.NoPools",
  path: "pools",
  message: `cluster "${String(cluster["name"])}" has no pool that changeover did not make`,
  fix: "make a pool in config as ever: there is nothing to take over",
});
