import type { Problem } from "../../../../core/problem";
import type { SeenMachine } from "./machineFacts";

const versionOf = (kubelet: string): string => kubelet.replace(/^v/, "");

/** What stands against taking over a machine of the control plane: the first `up` would change it. */
export const judgeControlPlane = (
  { node, facts, problems }: SeenMachine,
  version: string,
): readonly Problem[] => {
  if (facts === undefined) return problems;
  const kubelet = versionOf(node.kubeletVersion);
  const even = facts.apiServer === version && kubelet === version;
  return even ? problems : [...problems, uneven(node.name, { kubelet, apiServer: facts.apiServer, version })];
};

interface Uneven {
  readonly kubelet: string;
  readonly apiServer: string;
  readonly version: string;
}

const uneven = (node: string, { kubelet, apiServer, version }: Uneven): Problem => ({
  code: "Adopt.KubeadmUneven",
  path: `hosts.${node}`,
  message: `${node} runs kubelet ${kubelet} and API server ${apiServer || "none that kubeadm made"} in a cluster of ${version}; the first \`up\` would upgrade it`,
  fix: "bring all machines of the control plane to one version first, with kubeadm upgrade",
});

/** What stands against taking over a worker, by itself. */
export const judgeWorker = ({ node, facts, problems }: SeenMachine): readonly Problem[] => {
  const { name } = node;
  if (facts === undefined) return problems;
  const runs = versionOf(node.kubeletVersion);
  const found = [
    facts.apiServer === "" ? undefined : ofControlPlane(name),
    facts.kubelet === "" ? noPackage(name) : undefined,
    facts.kubelet === "" || facts.kubelet.startsWith(`${runs}-`)
      ? undefined
      : otherKubelet(name, runs, facts.kubelet),
    facts.generation === "" ? undefined : made(name, facts.generation),
  ];
  return [...problems, ...found.flatMap(problem => problem ?? [])];
};

const ofControlPlane = (node: string): Problem => ({
  code: "Adopt.KubeadmControlPlane",
  path: `hosts.${node}`,
  message: `${node} is a machine of the control plane, which is taken over as it is and is no pool's`,
  fix: "leave it out",
});

const noPackage = (node: string): Problem => ({
  code: "Adopt.KubeadmNoPackage",
  path: `hosts.${node}`,
  message: `${node} has no package kubelet (dpkg-query), so which image its pool has can't be known`,
  fix: "take machines over whose kubelet came by apt; others leave by hand once a new pool is there",
});

const otherKubelet = (node: string, runs: string, installed: string): Problem => ({
  code: "Adopt.KubeadmOtherKubelet",
  path: `hosts.${node}`,
  message: `${node} runs kubelet ${runs} and has package ${installed}: it was not restarted since`,
  fix: "restart the kubelet there, or install the package that runs",
});

const made = (node: string, generation: string): Problem => ({
  code: "Adopt.KubeadmMade",
  path: `hosts.${node}`,
  message: `${node} is a machine of ${generation} already (/var/lib/changeover)`,
  fix: "leave it out; or remove that folder if nothing of changeover holds this cluster any more",
});

/** The next generation is made alike, so the machines of a pool have to be. */
export const judgeAlike = (
  name: string,
  shapes: readonly Readonly<Record<string, string>>[],
): readonly Problem[] => {
  const unlike = Object.keys(shapes[0] ?? {}).filter(
    key => new Set(shapes.map(shape => shape[key])).size > 1,
  );
  return unlike.length === 0 ? [] : [notAlike(name, unlike, shapes)];
};

const notAlike = (
  name: string,
  unlike: readonly string[],
  shapes: readonly Readonly<Record<string, string>>[],
): Problem => ({
  code: "Adopt.KubeadmUnlike",
  path: name,
  message: `these machines differ in ${unlike.map(key => `${key} (${shapes.map(shape => shape[key]).join(" | ")})`).join(", ")}; one pool makes all its machines alike`,
  fix: "name them as pools of their own, or make them alike",
});

export const noNode = (name: string, nodes: readonly string[]): Problem => ({
  code: "Adopt.KubeadmNoNode",
  path: name,
  message: `the cluster has no node ${nodes.join(", ")}`,
  fix: "name nodes as `kubectl get nodes` does",
});

export const unnamed = (nodes: readonly string[]): Problem => ({
  code: "Adopt.KubeadmUnnamed",
  path: "pools",
  message: `nothing in the cluster says which of ${nodes.join(", ")} are one pool`,
  fix: `name the pools: changeover adopt workers=${nodes.join(",")}`,
});
