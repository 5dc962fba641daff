import { type Problem, ProblemError } from "../../../../core/problem";
import { lookAt, READ_MARK } from "./look";
import type { Findings } from "../../../../operations/ports";
import type { KubeadmPackages } from "../protocol";
import { judgeReadiness } from "./judgeReadiness";
import type { KubeletConfig } from "./kubeletConfig";
import { parseReadiness, type Readiness, readinessLook } from "./readiness";
import { type Login, type Machine, onMachine, type Remote } from "./ssh";

/** What a machine is, as far as a join or an upgrade depends on it. */
interface Found {
  /** kubeadm made it part of a control plane. */
  readonly controlPlane: boolean;
  /** It is a node, or was and was not reset. */
  readonly node: boolean;
  /** Generation that it joined or was joining; empty = none of ours. */
  readonly generation: string;
  readonly apt: boolean;
  /** Says nothing where it was not asked. */
  readonly readiness: Readiness;
}

/** Looks and changes nothing. Each line is "name value". */
const LOOK = [
  "[ -f /etc/kubernetes/manifests/kube-apiserver.yaml ] && echo controlPlane yes",
  "[ -f /etc/kubernetes/kubelet.conf ] && echo node yes",
  READ_MARK,
  "command -v apt-get >/dev/null && echo apt yes",
];

/** Of a node that shall be one nothing more is asked: it is left as it is, or refused. */
const moreOf = ({ packages, generation }: Wanted): readonly string[] => {
  if (packages === undefined) return [];
  const more = readinessLook(packages);
  return generation === undefined ? more : ["if [ ! -f /etc/kubernetes/kubelet.conf ]; then", ...more, "fi"];
};

const look = async (machine: Machine, remote: Remote, wanted: Wanted): Promise<Found> => {
  const found = await lookAt(machine, remote, [...LOOK, ...moreOf(wanted), "true"].join("\n"));
  return {
    readiness: parseReadiness(found),
    controlPlane: found.has("controlPlane"),
    node: found.has("node"),
    generation: found.get("generation") ?? "",
    apt: found.has("apt"),
  };
};

/** What the machines shall be: of a control plane, or nodes of a generation. */
export interface Wanted extends Login {
  readonly machines: readonly Machine[];
  readonly generation?: string | undefined;
  /** A node that is nobody's is the one that is meant. */
  readonly adopted?: boolean | undefined;
  /** What will be installed; absent = not known, and what that needs is not looked at. */
  readonly packages?: KubeadmPackages | undefined;
  readonly kubelet?: KubeletConfig | undefined;
}

/** Everything that stands in the way, of all machines at once. */
export const inspectMachines = async (wanted: Wanted): Promise<Findings> => {
  const found = await Promise.all(wanted.machines.map(machine => inspect(wanted, machine)));
  return {
    blockers: found.flatMap(({ blockers }) => blockers),
    warnings: found.flatMap(({ warnings }) => warnings),
  };
};

const inspect = async (wanted: Wanted, machine: Machine): Promise<Findings> => {
  try {
    const found = await onMachine(wanted, machine, remote => look(machine, remote, wanted));
    const own =
      wanted.generation === undefined ? asControlPlane(machine, found) : asNode(machine, wanted, found);
    if (!found.apt) return { blockers: [...own, noApt(machine)], warnings: [] };
    const ready = isReady(machine, wanted, found);
    return { blockers: [...own, ...ready.blockers], warnings: ready.warnings };
  } catch (error) {
    if (error instanceof ProblemError) return { blockers: error.problems, warnings: [] };
    throw error;
  }
};

/** A machine that is taken over is left as it is, and of another generation's nothing else matters. */
const isReady = (machine: Machine, { packages, generation, kubelet }: Wanted, found: Found): Findings => {
  const joins = generation !== undefined;
  if (packages === undefined || (joins && found.node)) return { blockers: [], warnings: [] };
  return judgeReadiness(found.readiness, { machine, packages, joins, kubelet });
};

const asControlPlane = (machine: Machine, { controlPlane }: Found): readonly Problem[] =>
  controlPlane ? [] : [noControlPlane(machine)];

const asNode = (machine: Machine, { generation = "", adopted }: Wanted, found: Found): readonly Problem[] => {
  const meant = found.generation === generation || (adopted === true && found.generation === "");
  return meant || !found.node ? [] : [taken(machine, generation, found)];
};

const pathOf = ({ node }: Machine): string => `hosts.${node}`;

const noControlPlane = (machine: Machine): Problem => ({
  code: "Kubeadm.NoControlPlane",
  path: pathOf(machine),
  message: `${machine.node} at ${machine.address} is no control plane that kubeadm made`,
  fix: "run kubeadm init there first (or kubeadm join --control-plane); changeover upgrades such a cluster and does not make one",
});

const taken = (machine: Machine, generation: string, { generation: other }: Found): Problem => ({
  code: "Kubeadm.HostTaken",
  path: pathOf(machine),
  message: `${machine.node} at ${machine.address} is a node already, of ${other === "" ? "no generation" : other}, and can't join ${generation}`,
  fix: "list another machine; this one is free once its generation has gone, or after kubeadm reset",
});

const noApt = (machine: Machine): Problem => ({
  code: "Kubeadm.NoApt",
  path: pathOf(machine),
  message: `${machine.node} at ${machine.address} has no apt-get; packages are pinned by apt here`,
  fix: "use machines with Debian or Ubuntu",
});
