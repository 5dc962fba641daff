import { join } from "node:path";
import type { LeafRequest } from "./issue";

export type AuthorityName = "ca" | "front-proxy-ca" | "etcd-ca";

export interface LeafPlan extends LeafRequest {
  readonly file: string;
  readonly authority: AuthorityName;
}

const LOOPBACK = ["127.0.0.1", "::1"];
/** First address of the service network: the `kubernetes` Service. */
export const SERVICE_NETWORK = "10.96.0.0/16";
const KUBERNETES_SERVICE = "10.96.0.1";
const SERVICE_NAMES = [
  "kubernetes",
  "kubernetes.default",
  "kubernetes.default.svc",
  "kubernetes.default.svc.cluster.local",
];

/** Names and groups as Kubernetes' bootstrap RBAC roles expect them (kubernetes.io/docs/setup/best-practices/certificates). */
export const LEAVES: readonly LeafPlan[] = [
  {
    file: "apiserver",
    authority: "ca",
    commonName: "kube-apiserver",
    usage: "server",
    dnsNames: ["localhost", ...SERVICE_NAMES],
    addresses: [...LOOPBACK, KUBERNETES_SERVICE],
  },
  {
    file: "apiserver-kubelet-client",
    authority: "ca",
    commonName: "kube-apiserver-kubelet-client",
    organisation: "kubeadm:cluster-admins",
    usage: "client",
  },
  {
    file: "apiserver-etcd-client",
    authority: "etcd-ca",
    commonName: "kube-apiserver-etcd-client",
    usage: "client",
  },
  {
    file: "etcd-server",
    authority: "etcd-ca",
    commonName: "etcd",
    usage: "both",
    dnsNames: ["localhost"],
    addresses: LOOPBACK,
  },
  {
    file: "front-proxy-client",
    authority: "front-proxy-ca",
    commonName: "front-proxy-client",
    usage: "client",
  },
  {
    file: "admin",
    authority: "ca",
    commonName: "changeover-admin",
    organisation: "system:masters",
    usage: "client",
  },
  // Who plays kubelet, cloud and node for all simulated machines at once needs more than any single one of them.
  {
    file: "simulator",
    authority: "ca",
    commonName: "changeover-simulator",
    organisation: "system:masters",
    usage: "client",
  },
  {
    file: "controller-manager",
    authority: "ca",
    commonName: "system:kube-controller-manager",
    usage: "both",
    dnsNames: ["localhost"],
    addresses: LOOPBACK,
  },
  {
    file: "scheduler",
    authority: "ca",
    commonName: "system:kube-scheduler",
    usage: "both",
    dnsNames: ["localhost"],
    addresses: LOOPBACK,
  },
];

export const AUTHORITIES: Readonly<Record<AuthorityName, string>> = {
  ca: "kubernetes",
  "front-proxy-ca": "kubernetes-front-proxy",
  "etcd-ca": "etcd",
};

export const SERVICE_ACCOUNT = "service-account";

export const pkiFolder = (dir: string): string => join(dir, "pki");
export const certificatePath = (dir: string, file: string): string => join(pkiFolder(dir), `${file}.crt`);
export const keyPath = (dir: string, file: string): string => join(pkiFolder(dir), `${file}.key`);
export const publicKeyPath = (dir: string, file: string): string => join(pkiFolder(dir), `${file}.pub`);
