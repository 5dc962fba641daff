import type { ClusterSpec } from "./cluster";

/**
 * How to reach a cluster, as plain data: resolved when called, with fresh credentials. It holds no token, so it may be
 * stored in gate inputs and survives the config that made it.
 */
export interface ConnectionRecipe {
  readonly cloud: ClusterSpec["cloud"];
  readonly name: string;
  readonly region?: string;
  readonly project?: string;
  readonly account?: string;
  /** Path of a kubeconfig file, and the context in it. */
  readonly kubeconfig?: string;
  readonly context?: string;
  /** Where the machines are the user's: how they are reached. The key stays with the user's ssh agent. */
  readonly ssh?: SshRecipe;
}

/** Plain, and no secret: a user's name, a path, addresses. */
export interface SshRecipe {
  readonly user: string;
  /** Path of a file as OpenSSH's known_hosts. */
  readonly knownHosts: string;
  /** Node name → ssh address. */
  readonly controlPlanes: Readonly<Record<string, string>>;
}

const OPTIONAL = ["region", "project", "account", "kubeconfig", "context"] as const;

/** What of a cluster's config says where it is. */
type Place = Pick<ClusterSpec, "cloud" | "name" | (typeof OPTIONAL)[number]> & Pick<ClusterSpec, "kubeadm">;

export const connectionOf = (cluster: Place): ConnectionRecipe => ({
  cloud: cluster.cloud,
  name: cluster.name,
  ...Object.fromEntries(OPTIONAL.flatMap(key => (cluster[key] === undefined ? [] : [[key, cluster[key]]]))),
  ...(cluster.kubeadm === undefined ? {} : { ssh: sshOf(cluster.kubeadm) }),
});

const sshOf = ({ ssh, controlPlanes }: NonNullable<ClusterSpec["kubeadm"]>): SshRecipe => ({
  user: ssh.user,
  knownHosts: ssh.knownHosts,
  controlPlanes,
});
