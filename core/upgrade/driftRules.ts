import type { Problem } from "../problem";
import {
  compareMinor,
  formatVersion,
  type KubeVersion,
  minorText,
  parseKubeVersion,
} from "../version/kubeVersion";
import type { DesiredPool } from "./cluster";
import type { LiveNode, Rule } from "./situation";
import { list } from "./skewRules";

/**
 * A generation never changes, so nodes of it that are newer than its pool were moved in place, by the cloud or by
 * somebody's hand. No run would ever find them at the pool's version again: the gate of the generation would wait in vain.
 */
export const poolsMovedByOthers: Rule = ({ desired, nodes }) => ({
  blockers: desired.pools.flatMap(pool => {
    const version = parseKubeVersion(pool.version);
    if (!version.ok || pool.remove) return [];
    const own = nodes.filter(({ generation }) => generation === desired.generations[pool.name]);
    return driftOf(pool, own, version.value);
  }),
});

const driftOf = (pool: DesiredPool, own: readonly LiveNode[], wanted: KubeVersion): readonly Problem[] => {
  const ahead = own.filter(({ version }) => compareMinor(version, wanted) > 0);
  const newest = ahead
    .map(({ version }) => version)
    .sort(compareMinor)
    .at(-1);
  return newest === undefined ? [] : [driftedAhead(pool, ahead, newest)];
};

const driftedAhead = (
  { name, version }: DesiredPool,
  ahead: readonly LiveNode[],
  newest: KubeVersion,
): Problem => ({
  code: "Pool.DriftedAhead",
  path: `pools.${name}.version`,
  message: `found "${version}" while ${list(ahead.map(node => node.name))} of its generation run kubelet ${formatVersion(newest)}: the cloud, or somebody, upgraded them in place`,
  fix: `set pools.${name}.version: "${minorText(newest)}", with an image of it where the cloud has images (\`changeover pin\`): a new generation takes their place, and their workloads move within their budgets. Turn off what upgrades nodes by itself`,
});
