import { LABEL, TAINT } from "../../../core/identity/names";
import type { NodePoolArgs } from "../contract";
import { INVITATION, MARKS } from "./facts";
import type { KubeadmPackages } from "./protocol";
import { asRoot, install, OPENING, packagesFor, useRepositories } from "./shell";

const JOINED = `${MARKS}/joined`;
const JOINING = `${MARKS}/joining`;
const CONFIG = "/run/changeover/join.yaml";

const kubeadmOf = ({ cluster }: NodePoolArgs) => {
  if (cluster.kubeadm === undefined) throw new Error("a cluster without its kubeadm block passed config");
  return cluster.kubeadm;
};

const labelsOf = ({ pool, generation, spec }: NodePoolArgs): string =>
  Object.entries({ ...spec.labels, [LABEL.pool]: pool, [LABEL.generation]: generation })
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(",");

/** https://kubernetes.io/docs/reference/config-api/kubeadm-config.v1beta4/#kubeadm-k8s-io-v1beta4-JoinConfiguration */
const joinConfiguration = (args: NodePoolArgs, node: string): readonly string[] => [
  "apiVersion: kubeadm.k8s.io/v1beta4",
  "kind: JoinConfiguration",
  "discovery:",
  "  bootstrapToken:",
  "    apiServerEndpoint: $endpoint",
  "    token: $token",
  '    caCertHashes: ["$hash"]',
  "nodeRegistration:",
  `  name: ${node}`,
  `  taints: ${JSON.stringify([...args.spec.taints, TAINT.unproven])}`,
  "  kubeletExtraArgs:",
  "  - name: node-labels",
  `    value: ${JSON.stringify(labelsOf(args))}`,
];

/**
 * What kubeadm does not undo itself: https://kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-reset/. Rules of
 * the packet filter stay until the machine starts again: other programs may have written there, too.
 */
const RESET = ["kubeadm reset -f", "rm -rf /etc/cni/net.d"];

const is = (mark: string, generation: string): string => `[ "$(cat ${mark} 2>/dev/null)" = ${generation} ]`;

/** A node that somebody else joined stays as it is; from now on it leaves with its generation. */
const takeOver = ({ generation }: NodePoolArgs, node: string): readonly string[] => [
  `elif [ -e /etc/kubernetes/kubelet.conf ] && [ ! -e ${JOINED} ] && [ ! -e ${JOINING} ]; then`,
  `echo ${generation} > ${JOINED}`,
  `echo "${node} is taken over as a node of ${generation}, as it is"`,
  "exit 0",
];

/** kubeadm is that of the control plane, the kubelet that of the pool. */
export const poolPackages = (args: NodePoolArgs): KubeadmPackages => {
  const { cluster, spec } = args;
  const kubeadm = kubeadmOf(args);
  const { image } = spec;
  if (image === undefined) throw new Error("a pool without image passed config");
  const own = `${cluster.version}-${kubeadm.packages.revision}`;
  return packagesFor(kubeadm, { kubeadm: own, kubelet: image, kubectl: image });
};

/**
 * Makes a machine a node of the generation: joined already is success, a join that was cut off is begun anew, a node of
 * anything else is refused. Versions:
 * https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/create-cluster-kubeadm/#version-skew-policy
 */
export const joinScript = (args: NodePoolArgs, node: string): string => {
  const { generation } = args;
  const packages = poolPackages(args);
  return asRoot(kubeadmOf(args).ssh.user, [
    ...OPENING,
    `if ${is(JOINED, generation)}; then exit 0; fi`,
    `if ${is(JOINING, generation)}; then`,
    ...RESET,
    ...(args.adopted === undefined ? [] : takeOver(args, node)),
    "elif [ -e /etc/kubernetes/kubelet.conf ]; then",
    `fail "${node} is a node already, and not of ${generation}: it leaves with its own generation"`,
    "fi",
    `[ -f ${INVITATION} ] || fail "${node} has no invitation to join: run pulumi up again, which sends one"`,
    `read -r endpoint token hash < ${INVITATION}`,
    ...useRepositories(packages),
    ...install(packages.versions),
    "umask 077",
    `trap "rm -f ${CONFIG} ${INVITATION}" EXIT`,
    `cat > ${CONFIG} <<END`,
    ...joinConfiguration(args, node),
    "END",
    `echo ${generation} > ${JOINING}`,
    `kubeadm join --config ${CONFIG}`,
    `mv ${JOINING} ${JOINED}`,
    `echo "${node} joined as a node of ${generation}"`,
  ]);
};

/** What an edit of a joined machine's connection runs: whether the address still leads to the same machine. */
export const confirmScript = (args: NodePoolArgs, node: string): string =>
  asRoot(kubeadmOf(args).ssh.user, [
    ...OPENING,
    `${is(JOINED, args.generation)} || fail "this machine is not ${node} of ${args.generation}: correct its address"`,
  ]);

/** Makes the machine what it was before; one that is another generation's by now is left alone. */
export const leaveScript = (args: NodePoolArgs): string =>
  asRoot(kubeadmOf(args).ssh.user, [
    ...OPENING,
    `if ${is(JOINED, args.generation)} || ${is(JOINING, args.generation)}; then`,
    ...RESET,
    `rm -f ${JOINED} ${JOINING}`,
    "fi",
  ]);

/** kubeadm reset leaves the Node object, and a kubelet may not delete its own. By label: a name may be in use again. */
export const forgetScript = (args: NodePoolArgs): string =>
  asRoot(kubeadmOf(args).ssh.user, [
    "set -eu",
    `kubectl --kubeconfig /etc/kubernetes/admin.conf delete nodes -l ${LABEL.generation}=${args.generation} --ignore-not-found`,
  ]);
