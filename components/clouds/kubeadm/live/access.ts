import { existsSync } from "node:fs";
import type { ConnectionRecipe } from "../../../../core/config";
import { type Problem, ProblemError } from "../../../../core/problem";
import { type KubeClient, openKube } from "../../../../kube";
import type { KubeAccess } from "../../../../operations/ports";

/** The user's own kubeconfig. A cluster without one is unknown, never absent: kubeadm init made it before any stack. */
export const openAccess = ({ kubeconfig = "", context }: ConnectionRecipe): KubeAccess => {
  if (!existsSync(kubeconfig)) throw new ProblemError("no kubeconfig", [noFile(kubeconfig)]);
  return { kubeconfig, ...(context === undefined ? {} : { context }) };
};

export const withCluster = async <T>(
  connection: ConnectionRecipe,
  work: (kube: KubeClient) => Promise<T>,
): Promise<T> => {
  const kube = await openKube(openAccess(connection));
  try {
    return await work(kube);
  } finally {
    await kube.close();
  }
};

const noFile = (path: string): Problem => ({
  code: "Kubeadm.NoKubeconfig",
  path: "cluster.kubeconfig",
  message: `there is no file ${path}`,
  fix: "copy /etc/kubernetes/admin.conf from a control-plane machine, or name another kubeconfig",
});
