import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join as joinPath } from "node:path";
import { parse } from "yaml";
import { readNode } from "../../../../kube/nodes";
import { withLabKube } from "../../../pools/converge";
import { cgroupOf } from "../host";
import { registerNode } from "../nodes";
import { type Ended, notCovered, refuseBy, succeed } from "../rules";
import type { Place } from "../state";
import { authorityHash } from "./authority";
import { installed, minorOf } from "./versions";

interface JoinConfiguration {
  readonly kind?: string;
  readonly apiVersion?: string;
  readonly discovery: {
    readonly bootstrapToken: { readonly token: string; readonly caCertHashes: readonly string[] };
  };
  readonly nodeRegistration: {
    readonly name: string;
    readonly taints: readonly object[];
    readonly kubeletExtraArgs: readonly { readonly name: string; readonly value: string }[];
  };
}

const LABELS = "node-labels";
const MOST_BEHIND = 3;

const read = (args: readonly string[]): JoinConfiguration => {
  const [flag, file = ""] = args;
  if (flag !== "--config" || args.length !== 2) return notCovered(`kubeadm join ${args.join(" ")}`);
  const found = parse(readFileSync(file, "utf8")) as JoinConfiguration;
  if (found.apiVersion !== "kubeadm.k8s.io/v1beta4" || found.kind !== "JoinConfiguration")
    return notCovered(`a configuration of ${String(found.apiVersion)} ${String(found.kind)}`);
  return found;
};

const REFUSES_V1 = 35;

const checkRuntime = (place: Place): void => {
  const { containerd, name } = place.machine;
  if (!existsSync(joinPath(place.root, "run/containerd/containerd.sock")))
    refuseBy("oneRuntime", 1, "[ERROR CRI]: could not find a container runtime");
  if (containerd?.running !== true || !containerd.answers)
    refuseBy("criAnswers", 1, "[ERROR CRI]: container runtime is not running");
  if (
    cgroupOf(place.world.folder, name) !== "cgroup2fs" &&
    minorOf(installed(place, "kubelet")) >= REFUSES_V1
  )
    refuseBy("cgroupV2", 1, "[ERROR SystemVerification]: cgroups v1 support is deprecated");
};

const checkMachine = (place: Place): void => {
  if (existsSync(joinPath(place.root, "etc/kubernetes/kubelet.conf")))
    refuseBy(
      "notTwice",
      1,
      "[ERROR FileAvailable--etc-kubernetes-kubelet.conf]: /etc/kubernetes/kubelet.conf already exists",
    );
  checkRuntime(place);
  const { version } = place.world.state;
  const [own, kubelet] = [installed(place, "kubeadm"), installed(place, "kubelet")];
  if (minorOf(own) !== minorOf(version))
    refuseBy("sameKubeadm", 1, `kubeadm v${own} can't join a cluster of v${version}`);
  const behind = minorOf(own) - minorOf(kubelet);
  if (behind < 0 || behind > MOST_BEHIND)
    refuseBy(
      "kubeletTrails",
      1,
      `[ERROR KubeletVersion]: kubelet v${kubelet} does not go with kubeadm v${own}`,
    );
};

const checkTrust = ({ world }: Place, { discovery }: JoinConfiguration): void => {
  const { token, caCertHashes } = discovery.bootstrapToken;
  if ((world.state.tokens[token] ?? 0) < Date.now())
    refuseBy(
      "validToken",
      1,
      `couldn't validate the identity of the API Server: no JWS signature for token ID "${token.split(".")[0] ?? ""}"`,
    );
  if (!caCertHashes.includes(authorityHash(world.lab)))
    refuseBy(
      "pinnedAuthority",
      1,
      "cluster CA found in cluster-info ConfigMap is invalid: none of the public keys is pinned",
    );
};

const labelsIn = (value = ""): Readonly<Record<string, string>> =>
  Object.fromEntries(value.split(",").map(pair => pair.split("=") as [string, string]));

/** Registers the machine's node, born with the labels and taints of its configuration. */
export const join = async (place: Place, args: readonly string[]): Promise<Ended> => {
  const { world, machine, root } = place;
  const wanted = read(args);
  checkMachine(place);
  checkTrust(place, wanted);
  world.failures.check("kubeadm join", machine.name);
  const { name, taints, kubeletExtraArgs } = wanted.nodeRegistration;
  const there = await withLabKube(world.lab, kube => readNode(kube, name));
  if (there?.ready === true)
    refuseBy(
      "nodeNameFree",
      1,
      `a Node with name "${name}" and status "Ready" already exists in the cluster`,
    );
  const labels = labelsIn(kubeletExtraArgs.find(one => one.name === LABELS)?.value);
  await registerNode(world.lab, { name, kubelet: installed(place, "kubelet"), labels, taints });
  writeFileSync(joinPath(root, "etc/kubernetes/kubelet.conf"), "a stand-in for a kubelet's kubeconfig\n");
  return succeed("[stand-in] This node has joined the cluster\n");
};
