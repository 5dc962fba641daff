import { LABEL } from "../../core/identity/names";
import type { RollbackTarget } from "../../core/config/rollback";
import { type Problem, ProblemError } from "../../core/problem";
import { type KubeClient, listNodes } from "../../kube";
import { readLedger } from "../ledger/store";

/** For each pool the generation it ran on before, as long as nodes of it are still there. */
export const readRollbackTargets = async (
  kube: KubeClient,
  pools: readonly string[],
  signal: AbortSignal,
): Promise<Readonly<Record<string, RollbackTarget>>> => {
  const [ledger, nodes] = await Promise.all([readLedger(kube, signal), listNodes(kube, { signal })]);
  const targets = Object.entries(ledger.pools).flatMap(([pool, { previous }]) => {
    const old = nodes.filter(node => previous !== undefined && node.labels[LABEL.generation] === previous);
    if (previous === undefined || old.length === 0) return [];
    return [
      [pool, { generation: previous, kubelets: [...new Set(old.map(node => node.kubeletVersion))] }] as const,
    ];
  });
  const wanted = pools.length === 0 ? targets : targets.filter(([pool]) => pools.includes(pool));
  const missing = pools.filter(pool => !targets.some(([name]) => name === pool));
  if (wanted.length === 0 || missing.length > 0)
    throw new ProblemError("no way back by one line", [nothingOlder(missing)]);
  return Object.fromEntries(wanted);
};

const nothingOlder = (pools: readonly string[]): Problem => ({
  code: "Rollback.NothingOlder",
  path: pools.length === 0 ? "pools" : `pools.${pools.join(", pools.")}`,
  message: "no node of an older generation is left, so going back means new nodes",
  fix: "set the pool's version back in its config (a full migration to a new generation), with the preview as review",
});
