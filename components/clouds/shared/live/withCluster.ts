import type { ConnectionRecipe } from "../../../../core/config/connection";
import { type KubeClient, openKube } from "../../../../kube";
import type { CloudLive } from "../../../../operations/ports";

type Work<T> = (kube: KubeClient) => Promise<T>;

/** Opens a cluster's API for one piece of work; `undefined` = there is no cluster any more. */
export type WithCluster = <T>(connection: ConnectionRecipe, work: Work<T>) => Promise<T | undefined>;

export const withClusterBy =
  (access: CloudLive["access"]): WithCluster =>
  async (connection, work) => {
    const found = await access(connection);
    if (found === "absent") return undefined;
    const kube = await openKube(found);
    try {
      return await work(kube);
    } finally {
      await kube.close();
    }
  };
