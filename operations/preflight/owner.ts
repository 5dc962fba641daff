import type { Problem } from "../../core/problem";
import type { Ledger } from "../../core/upgrade/ledger";

/** One stack manages one cluster: a ledger that another stack wrote is not ours to change. */
export const checkOwner = (ledger: Ledger, stack: string): readonly Problem[] => {
  if (ledger.stack === undefined || ledger.stack === stack) return [];
  return [
    {
      code: "UpgradeGate.AnotherStack",
      path: "cluster",
      message: `this cluster is managed by the stack ${ledger.stack}; this stack is ${stack}`,
      fix: "run the stack that owns the cluster, or give this one its own cluster name",
    },
  ];
};
