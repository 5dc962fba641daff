import type { Problem } from "../problem";
import { refuse, type Result, accept } from "../result";
import { checkAgainstCluster, checkKnown, defaultVersion } from "./cloudChecks";
import type { ClusterSpec } from "./cluster";
import { isName, NAME_LENGTH, nameRule } from "./labelText";
import { parseBlock } from "./parseBlock";
import { checkApart, checkPerZone, type Member, membersOf } from "./perZone";
import { POOL_CHECKS } from "./poolChecks";
import { poolSchema, type PoolSpec } from "./pools";

export interface PoolContext {
  /** Absent when the cluster's own block could not be read: what needs it is then not checked. */
  readonly cluster?: ClusterSpec;
  readonly knownMinors: readonly string[];
}

/** On kubeadm a cluster may be its control plane's machines alone, with workloads on them; that is written as {}. */
const mayBeNone = (raw: unknown, cluster: ClusterSpec | undefined): boolean =>
  raw !== undefined && raw !== null && (cluster === undefined || cluster.cloud === "kubeadm");

/** `changeover:pools`, sorted by name; every pool is checked even when another is refused. */
export const parsePools = (raw: unknown, context: PoolContext): Result<readonly PoolSpec[]> => {
  const entries = typeof raw === "object" && raw !== null && !Array.isArray(raw) ? Object.entries(raw) : [];
  if (entries.length === 0) return mayBeNone(raw, context.cluster) ? accept([]) : refuse([noPools()]);
  const results = entries.sort(byName).map(([name, entry]) => parseOne(name, entry, context));
  const apart = checkApart(results.flatMap(({ members }) => members));
  const problems = [...results.flatMap(result => result.problems), ...apart];
  return problems.length > 0
    ? refuse(problems)
    : accept(results.flatMap(({ pools }) => pools).sort((a, b) => byName([a.name], [b.name])));
};

const byName = ([a]: readonly [string, ...unknown[]], [b]: readonly [string, ...unknown[]]): number =>
  a < b ? -1 : 1;

const noPools = (): Problem => ({
  code: "Config.Missing",
  path: "pools",
  message: "missing; a cluster has at least one pool",
  fix: "add a block of pools by name, such as `workers: {size: {min: 3, max: 6}}`",
});

interface ParsedBlock {
  readonly problems: readonly Problem[];
  readonly members: readonly Member[];
  /** None where the cluster could not be read. */
  readonly pools: readonly PoolSpec[];
}

/** Judged as it is written, also where it stands for several pools: so each problem is told once, at its own place. */
const parseOne = (name: string, raw: unknown, { cluster, knownMinors }: PoolContext): ParsedBlock => {
  const misnamed = checkName(name);
  const parsed = parseBlock(poolSchema, raw, `pools.${name}`);
  if (!parsed.ok) return { problems: [...misnamed, ...parsed.problems], members: [], pools: [] };
  const entry = parsed.value;
  const members = membersOf(name, entry);
  const pools = cluster === undefined ? [] : members.map(member => resolve(member, cluster));
  const names = members.map(member => member.name);
  const resolved = cluster === undefined ? {} : { resolved: { cluster, pools } };
  const problems = [
    ...misnamed,
    ...checkPerZone({ name, entry, cluster }),
    ...POOL_CHECKS.flatMap(check => check({ name, names, entry, ...resolved })),
    ...(cluster === undefined ? [] : checkAgainstCluster(cluster, name, entry)),
    ...(cluster === undefined || entry.version === undefined
      ? []
      : checkKnown(`pools.${name}.version`, entry.version, knownMinors)),
  ];
  return { problems, members, pools };
};

const checkName = (name: string): Problem[] =>
  isName(name, NAME_LENGTH)
    ? []
    : [
        {
          code: "Config.Name",
          path: `pools.${name}`,
          message: `found "${name}"; ${nameRule(NAME_LENGTH)}`,
          fix: "rename the pool",
        },
      ];

const resolve = ({ name, block, entry }: Member, cluster: ClusterSpec): PoolSpec => ({
  ...entry,
  name,
  ...(block === undefined ? {} : { block }),
  version: entry.version ?? defaultVersion(cluster),
  protect: entry.protect ?? entry.strategy.kind === "staged",
  zones: [...new Set(entry.zones)].sort(),
});
