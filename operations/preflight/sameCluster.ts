import type { ConnectionRecipe } from "../../core/config/connection";
import type { Problem } from "../../core/problem";

/** What makes another cluster of it; a kubeconfig may move. */
const IDENTITY = ["cloud", "name", "region", "project", "account"] as const;

interface Bound {
  /** Inputs of the gate that asks. */
  readonly learned: { readonly clusterUid?: string };
  readonly problems: readonly Problem[];
}

/** A stack is bound to the first cluster that is seen, for good. */
export const bindTo = (known: string | undefined, found: string | undefined): Bound => {
  const clusterUid = known ?? found;
  return {
    learned: clusterUid === undefined ? {} : { clusterUid },
    problems: checkBound(known, found),
  };
};

/** The connection may stay and lead to another cluster: one made anew under its name, a kubeconfig that was replaced. */
export const checkBound = (known: string | undefined, found: string | undefined): readonly Problem[] =>
  known === undefined || found === undefined || known === found
    ? []
    : [
        {
          code: "UpgradeGate.AnotherCluster",
          path: "cluster",
          message: `this stack is bound to the cluster whose namespace kube-system has the UID ${known}; the connection now leads to ${found}`,
          fix: "point the connection at the right cluster; for a cluster made anew on purpose, start a new stack",
        },
      ];

/**
 * One stack manages one cluster for as long as it lives. An edit of what names it would make another cluster and delete
 * this one with all that runs on it, and no interlock would be asked: its pools are gone with it.
 */
export const checkSameCluster = async (
  wanted: ConnectionRecipe,
  known: ConnectionRecipe | undefined,
  isThere: (connection: ConnectionRecipe) => Promise<boolean>,
): Promise<readonly Problem[]> => {
  if (known === undefined) return [];
  const edited = IDENTITY.filter(key => known[key] !== undefined && wanted[key] !== known[key]);
  if (edited.length === 0 || !(await isThere(known))) return [];
  return edited.map(key => ({
    code: "UpgradeGate.AnotherCluster",
    path: `cluster.${key}`,
    message: `found "${wanted[key] ?? "nothing"}" while this stack manages a cluster with "${known[key] ?? "nothing"}"; the edit would make another cluster and delete this one with everything on it`,
    fix: `set cluster.${key}: ${known[key] ?? ""}; a second cluster is a second stack, and \`pulumi destroy\` ends this one on purpose`,
  }));
};
