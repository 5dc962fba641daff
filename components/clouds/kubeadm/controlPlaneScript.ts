import type { ClusterSpec } from "../../../core/config";
import { drain, openAtEnd, reopen } from "./drainScript";
import type { KubeadmPackages } from "./protocol";
import { asRoot, install, OPENING, packagesFor, useRepositories } from "./shell";

const MANIFEST = "/etc/kubernetes/manifests/kube-apiserver.yaml";
const ETCD = "/etc/kubernetes/manifests/etcd.yaml";
const READY_SECONDS = 300;

export interface ControlPlaneHost {
  /** Name of its node. */
  readonly node: string;
  /** The first one moves the cluster's own objects; the others follow. */
  readonly first: boolean;
}

/**
 * kubeadm upgrades a stacked etcd in the same command, to the version that it pins for the minor (cmd/kubeadm/app:
 * phases/upgrade/staticpods.go, constants.go: SupportedEtcdVersion). An external etcd has no manifest here.
 */
const TELL_ETCD = [
  `etcd_version() { line=$(grep "image: " ${ETCD} 2>/dev/null | head -n 1); echo "\${line##*:}"; }`,
  `tell() { if [ -f ${ETCD} ]; then echo "[ControlPlane] $1, etcd $(etcd_version)$2"; else echo "[ControlPlane] $1, etcd elsewhere"; fi; }`,
];

const upgrade = ({ first }: ControlPlaneHost, version: string): readonly string[] =>
  first
    ? [`kubeadm upgrade plan v${version}`, `kubeadm upgrade apply -y v${version}`]
    : ["kubeadm upgrade node"];

export const controlPlanePackages = ({ version, kubeadm }: ClusterSpec): KubeadmPackages => {
  if (kubeadm === undefined) throw new Error("a cluster without its kubeadm block passed config");
  const exact = `${version}-${kubeadm.packages.revision}`;
  return packagesFor(kubeadm, { kubeadm: exact, kubelet: exact, kubectl: exact });
};

/**
 * Brings one machine of a control plane that kubeadm made to the cluster's version; nothing where it is there already.
 * Order and commands: https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-upgrade/
 */
export const controlPlaneScript = (cluster: ClusterSpec, host: ControlPlaneHost): string => {
  const { version, kubeadm } = cluster;
  if (kubeadm === undefined) throw new Error("a cluster without its kubeadm block passed config");
  const { node } = host;
  const packages = controlPlanePackages(cluster);
  const { kubeadm: first = "", ...others } = packages.versions;
  return asRoot(kubeadm.ssh.user, [
    ...OPENING,
    ...TELL_ETCD,
    "export KUBECONFIG=/etc/kubernetes/admin.conf",
    `[ -f "$KUBECONFIG" ] && [ -f ${MANIFEST} ] || fail "${node} is no control plane that kubeadm made: run kubeadm init or kubeadm join --control-plane there first"`,
    `kubectl get node ${node} -o name || fail "the cluster has no node ${node}: controlPlanes lists machines by the names of their nodes"`,
    ...openAtEnd(node),
    `if grep -q "kube-apiserver:v${version}$" ${MANIFEST} && [ "$(kubectl get node ${node} -o jsonpath={.status.nodeInfo.kubeletVersion})" = v${version} ]; then`,
    `tell "${node} runs v${version}" ""`,
    "exit 0",
    "fi",
    "before=$(etcd_version)",
    ...useRepositories(packages),
    ...install({ kubeadm: first }),
    ...upgrade(host, version),
    ...drain(node, kubeadm.acceptedOutage?.disregard),
    ...install(others),
    "systemctl daemon-reload",
    "systemctl restart kubelet",
    // A node counts as Ready for a while after its kubelet has gone: the new one has to have spoken.
    `kubectl wait --for=jsonpath={.status.nodeInfo.kubeletVersion}=v${version} node/${node} --timeout=${READY_SECONDS}s`,
    `kubectl wait --for=condition=Ready node/${node} --timeout=${READY_SECONDS}s`,
    ...reopen(node),
    `tell "${node} runs v${version}" " (before: $before)"`,
  ]);
};
