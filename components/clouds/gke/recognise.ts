import type { IdOf } from "../../../core/recover/pending";

/** Pages "Import" of gcp.container.Cluster and gcp.container.NodePool in Pulumi's registry. */
export const gkeIds: Readonly<Record<string, IdOf>> = {
  "gcp:container/cluster:Cluster": ({ project, location, name }) =>
    `projects/${project}/locations/${location}/clusters/${name}`,
  "gcp:container/nodePool:NodePool": ({ project, location, cluster, name }) =>
    `projects/${project}/locations/${location}/clusters/${cluster}/nodePools/${name}`,
};
