import type { Problem } from "../../../../core/problem";
import type { Findings } from "../../../../operations/ports";
import type { KubeadmPackages } from "../protocol";
import type { KubeletConfig } from "./kubeletConfig";
import { judgePackages } from "./judgePackages";
import type { Readiness } from "./readiness";
import type { Machine } from "./ssh";

export interface Preparing {
  readonly machine: Machine;
  readonly packages: KubeadmPackages;
  /** It becomes a node: what its kubelet meets at its first start is asked, too. */
  readonly joins: boolean;
  /** Undefined = not to be had. */
  readonly kubelet: KubeletConfig | undefined;
}

const RUNTIMES = "https://kubernetes.io/docs/setup/production-environment/container-runtimes/";
const DRIVER = "https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/configure-cgroup-driver/";
const EVICTION =
  "https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/#hard-eviction-thresholds";

/** What of a machine stands against installing these packages there and running their kubelet. */
export const judgeReadiness = (found: Readiness, preparing: Preparing): Findings => {
  const parts = [
    judgeRuntime(found, preparing),
    judgeCgroups(found, preparing),
    preparing.joins ? judgeHost(found, preparing) : NOTHING,
    judgePackages(found, preparing),
  ];
  return {
    blockers: parts.flatMap(({ blockers }) => blockers),
    warnings: parts.flatMap(({ warnings }) => warnings),
  };
};

const NOTHING: Findings = { blockers: [], warnings: [] };
const block = (problem: Problem): Findings => ({ blockers: [problem], warnings: [] });
const warn = (problem: Problem): Findings => ({ blockers: [], warnings: [problem] });

const pathOf = ({ node }: Machine): string => `hosts.${node}`;
const called = ({ node, address }: Machine): string => `${node} at ${address}`;

/** Of Kubernetes 1.x: what its kubelet is. */
const minorOf = ({ versions }: KubeadmPackages): number => Number(versions["kubelet"]?.split(".")[1]);

const NO_CRICTL = 127;

const judgeRuntime = (found: Readiness, preparing: Preparing): Findings => {
  const { machine, joins } = preparing;
  const { sockets, crictl } = found;
  if (sockets.length === 0) return block(noRuntime(machine));
  if (sockets.length > 1 && joins) return block(manyRuntimes(machine, sockets));
  const silent =
    crictl === NO_CRICTL ? found.runtime === "containerd" && !found.containerdRuns : crictl !== 0;
  if (silent) return block(runtimeSilent(machine, found));
  return judgeVersion(found, preparing);
};

/** KEP-4033 names the release by which a kubelet asks its runtime for the cgroup driver, which containerd 1.x can't tell. */
const REFUSED_FROM = 38;
const UNSUPPORTED_FROM = 36;

const judgeVersion = (found: Readiness, { machine, packages }: Preparing): Findings => {
  const { runtimeVersion } = found;
  if (runtimeVersion === "") return warn(runtimeUnknown(machine));
  const minor = minorOf(packages);
  if (!isOld(found) || minor < UNSUPPORTED_FROM) return NOTHING;
  const problem = oldContainerd(machine, runtimeVersion, minor);
  return minor >= REFUSED_FROM ? block(problem) : warn(problem);
};

const noRuntime = (machine: Machine): Problem => ({
  code: "Kubeadm.NoRuntime",
  path: pathOf(machine),
  message: `${called(machine)} has no container runtime where kubeadm looks for one: no socket of containerd, CRI-O or cri-dockerd in /run`,
  fix: "install one and start it there: apt-get install -y containerd && systemctl enable --now containerd",
  source: RUNTIMES,
});

const manyRuntimes = (machine: Machine, sockets: readonly string[]): Problem => ({
  code: "Kubeadm.ManyRuntimes",
  path: pathOf(machine),
  message: `${called(machine)} has ${sockets.join(" and ")}; kubeadm join takes a machine with one container runtime only, unless it is told which`,
  fix: "stop and remove the one that is not meant",
  source:
    "https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/install-kubeadm/#installing-runtime",
});

const runtimeSilent = (machine: Machine, { sockets }: Readiness): Problem => ({
  code: "Kubeadm.RuntimeSilent",
  path: pathOf(machine),
  message: `${called(machine)} has ${sockets.join(", ")}, and no container runtime answers there`,
  fix: 'take "cri" out of disabled_plugins in /etc/containerd/config.toml if it is there, then: systemctl restart containerd',
  source: `${RUNTIMES}#containerd`,
});

const runtimeUnknown = (machine: Machine): Problem => ({
  code: "Kubeadm.RuntimeNotAsked",
  path: pathOf(machine),
  message: `which container runtime ${called(machine)} has in which version was not checked: there is no crictl to ask it by`,
  fix: "install it there (package cri-tools), and run the preview again",
});

const oldContainerd = (machine: Machine, found: string, minor: number): Problem => ({
  code: "Kubeadm.OldContainerd",
  path: pathOf(machine),
  message: `${called(machine)} runs containerd ${found}, which Kubernetes supports up to 1.35; a kubelet of 1.${String(minor)} ${minor >= REFUSED_FROM ? "does not start with it" : "still starts with it, one of 1.38 will not"}`,
  fix: "install containerd 2.0 or newer there, while nothing runs on the machine, and restart it",
  source: "https://kep.k8s.io/4033",
});

/** kubeadm's own preflight refuses it for such a kubelet, whatever failCgroupV1 says: k8s.io/system-validators v1.12.1. */
const CGROUP_V2_FROM = 35;

const judgeCgroups = (found: Readiness, preparing: Preparing): Findings => {
  const { machine, packages } = preparing;
  const minor = minorOf(packages);
  if (found.cgroup === "cgroup2fs" || minor < CGROUP_V2_FROM) return judgeDriver(found, preparing);
  return found.cgroup === "" ? warn(cgroupUnknown(machine)) : block(cgroupV1(machine, minor));
};

const isOld = ({ runtime, runtimeVersion }: Readiness): boolean =>
  runtime === "containerd" && /^v?1\./.test(runtimeVersion);

const judgeDriver = (found: Readiness, { machine, joins, kubelet }: Preparing): Findings => {
  if (!joins || !isOld(found) || found.systemdCgroup || kubelet?.systemdCgroup === false) return NOTHING;
  const problem = otherDriver(machine, found.runtimeVersion);
  return kubelet === undefined ? warn(problem) : block(problem);
};

const cgroupUnknown = (machine: Machine): Problem => ({
  code: "Kubeadm.CgroupNotAsked",
  path: pathOf(machine),
  message: `whether ${called(machine)} has cgroup v2 was not checked: stat says nothing of /sys/fs/cgroup`,
  fix: "look there: stat -fc %T /sys/fs/cgroup must say cgroup2fs",
});

const cgroupV1 = (machine: Machine, minor: number): Problem => ({
  code: "Kubeadm.CgroupV1",
  path: pathOf(machine),
  message: `${called(machine)} runs cgroup v1, and kubeadm refuses that for a kubelet of 1.${String(minor)}: from 1.35 on it does not start there by default`,
  fix: "boot it with cgroup v2: a newer system, or systemd.unified_cgroup_hierarchy=1 on the kernel's command line",
  source: "https://kubernetes.io/docs/concepts/architecture/cgroups/",
});

const otherDriver = (machine: Machine, found: string): Problem => ({
  code: "Kubeadm.CgroupDriver",
  path: pathOf(machine),
  message: `${called(machine)} runs containerd ${found}, which makes cgroups by itself while the kubelet makes them by systemd: pods would not stay up`,
  fix: "set SystemdCgroup = true under runc's options in /etc/containerd/config.toml there, then: systemctl restart containerd",
  source: DRIVER,
});

/** Default of imagefs.available; that of nodefs is lower, and both are one disk on most machines. */
const LEAST_FREE = 0.15;

/** Without the kubelet's configuration its defaults are a guess. */
const judgeHost = (found: Readiness, preparing: Preparing): Findings => {
  const { machine, kubelet } = preparing;
  const against = [...judgeSwap(found, preparing), ...judgeDisk(found, preparing)];
  const unknown = found.free === undefined ? [diskUnknown(machine)] : [];
  return kubelet === undefined
    ? { blockers: [], warnings: [...against, ...unknown] }
    : { blockers: against, warnings: unknown };
};

const judgeSwap = ({ swap }: Readiness, { machine, kubelet }: Preparing): readonly Problem[] =>
  swap === "" || kubelet?.failsOnSwap === false ? [] : [swapOn(machine, swap)];

const judgeDisk = ({ free = 1 }: Readiness, { machine, kubelet }: Preparing): readonly Problem[] =>
  free >= LEAST_FREE || kubelet?.defaultEviction === false ? [] : [diskFull(machine, free)];

const swapOn = (machine: Machine, swap: string): Problem => ({
  code: "Kubeadm.Swap",
  path: pathOf(machine),
  message: `${called(machine)} swaps to ${swap}, and a kubelet does not start there unless its failSwapOn is false`,
  fix: "turn it off and take it out of /etc/fstab: swapoff -a",
  source:
    "https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/install-kubeadm/#swap-configuration",
});

const diskFull = (machine: Machine, free: number): Problem => ({
  code: "Kubeadm.DiskFull",
  path: pathOf(machine),
  message: `${called(machine)} has ${String(Math.floor(free * 100))}% of the disk of /var/lib free; below 15% a kubelet reports DiskPressure, and takes no pods`,
  fix: "make room there, or give /var/lib a larger disk",
  source: EVICTION,
});

const diskUnknown = (machine: Machine): Problem => ({
  code: "Kubeadm.DiskNotAsked",
  path: pathOf(machine),
  message: `how much room ${called(machine)} has was not checked: df says nothing of /var/lib`,
  fix: "look there: df -h /var/lib should have more than 15% free",
});
