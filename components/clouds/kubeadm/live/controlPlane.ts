import type { ConnectionRecipe, SshRecipe } from "../../../../core/config";
import type { Machine } from "./ssh";

export const sshOf = ({ name, ssh }: ConnectionRecipe): SshRecipe => {
  if (ssh === undefined) throw new Error(`the connection to ${name} names no ssh`);
  return ssh;
};

/** Sorted by name: the first is the one that kubeadm upgrades first. */
export const machinesOf = (hosts: Readonly<Record<string, string>>): readonly Machine[] =>
  Object.entries(hosts)
    .map(([node, address]) => ({ node, address }))
    .sort((a, b) => (a.node < b.node ? -1 : 1));

export const firstOf = ({ controlPlanes }: SshRecipe): Machine => {
  const [first] = machinesOf(controlPlanes);
  if (first === undefined) throw new Error("a cluster without control-plane machines passed config");
  return first;
};
