import { join } from "node:path";
import { certificatePath, keyPath, publicKeyPath, SERVICE_ACCOUNT, SERVICE_NETWORK } from "../pki/layout";
import { componentKubeconfig, type PlaneRecord } from "./record";
import { BALANCER, CONTROLLER_MANAGER, ETCD, SCHEDULER, type Apiserver } from "./roles";

/** All that a command line depends on. Pure: the same context gives the same words, which is how a change is seen. */
export interface CommandContext {
  readonly dir: string;
  readonly emulated?: string;
  readonly ports: PlaneRecord["ports"];
}

/** An address of the documentation range (RFC 5737): apiservers refuse to advertise loopback, and nobody dials it. */
const ADVERTISED = "192.0.2.1";
const ISSUER = "https://kubernetes.default.svc.cluster.local";

const serving = (dir: string, file: string, port: number): string[] => [
  "--bind-address=127.0.0.1",
  `--secure-port=${port}`,
  `--tls-cert-file=${certificatePath(dir, file)}`,
  `--tls-private-key-file=${keyPath(dir, file)}`,
];

const emulation = (emulated: string | undefined): string[] =>
  emulated === undefined ? [] : [`--emulated-version=kube=${emulated}`];

export const etcdArgs = ({ dir, ports }: CommandContext): string[] => {
  const client = `https://127.0.0.1:${ports[ETCD]}`;
  const peer = `https://127.0.0.1:${ports["etcd-peer"]}`;
  const tls = (prefix: string): string[] => [
    `--${prefix}cert-file=${certificatePath(dir, "etcd-server")}`,
    `--${prefix}key-file=${keyPath(dir, "etcd-server")}`,
    `--${prefix}trusted-ca-file=${certificatePath(dir, "etcd-ca")}`,
    `--${prefix}client-cert-auth=true`,
  ];
  return [
    "--name=lab",
    `--data-dir=${join(dir, "etcd")}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=lab=${peer}`,
    ...tls(""),
    ...tls("peer-"),
    "--logger=zap",
    "--log-level=warn",
  ];
};

const etcdClient = (dir: string, port: number): string[] => [
  `--etcd-servers=https://127.0.0.1:${port}`,
  `--etcd-cafile=${certificatePath(dir, "etcd-ca")}`,
  `--etcd-certfile=${certificatePath(dir, "apiserver-etcd-client")}`,
  `--etcd-keyfile=${keyPath(dir, "apiserver-etcd-client")}`,
];

const serviceAccounts = (dir: string): string[] => [
  `--service-account-issuer=${ISSUER}`,
  `--service-account-key-file=${publicKeyPath(dir, SERVICE_ACCOUNT)}`,
  `--service-account-signing-key-file=${keyPath(dir, SERVICE_ACCOUNT)}`,
];

const frontProxy = (dir: string): string[] => [
  `--requestheader-client-ca-file=${certificatePath(dir, "front-proxy-ca")}`,
  "--requestheader-allowed-names=front-proxy-client",
  "--requestheader-username-headers=X-Remote-User",
  "--requestheader-group-headers=X-Remote-Group",
  "--requestheader-extra-headers-prefix=X-Remote-Extra-",
  `--proxy-client-cert-file=${certificatePath(dir, "front-proxy-client")}`,
  `--proxy-client-key-file=${keyPath(dir, "front-proxy-client")}`,
];

/**
 * No endpoint reconciler: two apiservers on one address and two ports would overwrite each other's entry for ever,
 * and nothing in a lab dials the `kubernetes` Service.
 */
export const apiserverArgs = ({ dir, emulated, ports }: CommandContext, role: Apiserver): string[] => [
  ...serving(dir, "apiserver", ports[role]),
  `--advertise-address=${ADVERTISED}`,
  "--endpoint-reconciler-type=none",
  ...etcdClient(dir, ports[ETCD]),
  `--client-ca-file=${certificatePath(dir, "ca")}`,
  `--kubelet-client-certificate=${certificatePath(dir, "apiserver-kubelet-client")}`,
  `--kubelet-client-key=${keyPath(dir, "apiserver-kubelet-client")}`,
  ...serviceAccounts(dir),
  ...frontProxy(dir),
  "--authorization-mode=Node,RBAC",
  "--enable-admission-plugins=NodeRestriction",
  "--allow-privileged=true",
  `--service-cluster-ip-range=${SERVICE_NETWORK}`,
  // Without it a server that ends waits a whole minute for watches that nobody ever closes.
  "--shutdown-watch-termination-grace-period=2s",
  "--max-requests-inflight=800",
  "--max-mutating-requests-inflight=400",
  "--profiling=false",
  ...emulation(emulated),
];

/** Rates for a cluster that is small, simulated and in a hurry; the defaults throttle a drain of a few hundred pods. */
const clientRates = (qps: number): string[] => [`--kube-api-qps=${qps}`, `--kube-api-burst=${qps * 2}`];

const delegated = (dir: string, role: string): string[] => {
  const kubeconfig = componentKubeconfig(dir, role);
  return [
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    "--leader-elect=false",
    "--profiling=false",
  ];
};

export const controllerManagerArgs = ({ dir, emulated, ports }: CommandContext): string[] => [
  ...serving(dir, "controller-manager", ports[CONTROLLER_MANAGER]),
  ...delegated(dir, CONTROLLER_MANAGER),
  ...clientRates(200),
  "--use-service-account-credentials=true",
  `--service-account-private-key-file=${keyPath(dir, SERVICE_ACCOUNT)}`,
  `--root-ca-file=${certificatePath(dir, "ca")}`,
  `--cluster-signing-cert-file=${certificatePath(dir, "ca")}`,
  `--cluster-signing-key-file=${keyPath(dir, "ca")}`,
  "--concurrent-deployment-syncs=20",
  "--concurrent-replicaset-syncs=20",
  "--concurrent-statefulset-syncs=20",
  "--concurrent-daemonset-syncs=10",
  "--concurrent-job-syncs=10",
  ...emulation(emulated),
];

export const schedulerArgs = ({ dir, emulated, ports }: CommandContext): string[] => [
  ...serving(dir, "scheduler", ports[SCHEDULER]),
  ...delegated(dir, SCHEDULER),
  ...clientRates(200),
  ...emulation(emulated),
];

export const balancerArgs = ({ dir, ports }: CommandContext): string[] => [dir, String(ports[BALANCER])];
