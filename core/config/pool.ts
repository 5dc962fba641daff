import type { Problem } from "../problem";
import { refuse, type Result, accept } from "../result";
import { checkAgainstCluster, checkKnown, defaultVersion } from "./cloudChecks";
import type { ClusterSpec } from "./cluster";
import { isName, nameRule } from "./labelText";
import { parseBlock } from "./parseBlock";
import { POOL_CHECKS } from "./poolChecks";
import { type PoolEntry, poolSchema, type PoolSpec } from "./pools";

const NAME_LENGTH = 20;

export interface PoolContext {
  /** Absent when the cluster's own block could not be read: what needs it is then not checked. */
  readonly cluster?: ClusterSpec;
  readonly knownMinors: readonly string[];
}

/** `changeover:pools`, sorted by name; every pool is checked even when another is refused. */
export const parsePools = (raw: unknown, context: PoolContext): Result<readonly PoolSpec[]> => {
  const entries = typeof raw === "object" && raw !== null && !Array.isArray(raw) ? Object.entries(raw) : [];
  if (entries.length === 0) return refuse([noPools()]);
  const results = entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, entry]) => parsePool(name, entry, context));
  const problems = results.flatMap(result => result.problems);
  return problems.length > 0 ? refuse(problems) : accept(results.flatMap(result => result.pool ?? []));
};

const noPools = (): Problem => ({
  code: "Config.Missing",
  path: "pools",
  message: "missing; a cluster has at least one pool",
  fix: "add a block of pools by name, such as `workers: {size: {min: 3, max: 6}}`",
});

const parsePool = (
  name: string,
  raw: unknown,
  context: PoolContext,
): { problems: readonly Problem[]; pool?: PoolSpec } => {
  const misnamed = checkName(name);
  const parsed = parseBlock(poolSchema, raw, `pools.${name}`);
  if (!parsed.ok) return { problems: [...misnamed, ...parsed.problems] };
  const entry = parsed.value;
  const { cluster } = context;
  if (cluster === undefined)
    return { problems: [...misnamed, ...POOL_CHECKS.flatMap(check => check({ name, entry }))] };
  const pool = resolve(name, entry, cluster);
  const problems = [
    ...misnamed,
    ...POOL_CHECKS.flatMap(check => check({ name, entry, resolved: { cluster, pool } })),
    ...checkAgainstCluster(cluster, name, entry),
    ...(entry.version === undefined
      ? []
      : checkKnown(`pools.${name}.version`, entry.version, context.knownMinors)),
  ];
  return { problems, pool };
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

const resolve = (name: string, entry: PoolEntry, cluster: ClusterSpec): PoolSpec => ({
  ...entry,
  name,
  version: entry.version ?? defaultVersion(cluster),
  protect: entry.protect ?? entry.strategy.kind === "staged",
  zones: [...new Set(entry.zones)].sort(),
});
