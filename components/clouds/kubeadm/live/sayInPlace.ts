import type { AcceptedOutage, Protection } from "../../../../core/config";
import type { Problem } from "../../../../core/problem";
import type { PodView } from "../../../../kube";

/** What a drain would stop at. */
export interface Lost {
  readonly workload: string;
  readonly protection: Protection;
  readonly why: string;
}

export interface Gone {
  readonly machine: string;
  /** Pods that no other node takes. */
  readonly away: readonly PodView[];
  /** The cluster has no other node at all. */
  readonly alone: boolean;
  readonly outage: AcceptedOutage | undefined;
}

const UPGRADE_URL = "https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-upgrade/";
const DRAIN_URL = "https://kubernetes.io/docs/tasks/administer-cluster/safely-drain-node/";
const MOST_NAMED = 8;

const count = (many: number, one: string): string => `${many} ${one}${many === 1 ? "" : "s"}`;

/** What a user calls it: a Deployment where its ReplicaSet has the hash of the pods' template in its name. */
export const workloadOf = ({ namespace, name, owner, labels }: PodView): string => {
  const maker = owner?.name ?? name;
  const hash = `-${labels["pod-template-hash"] ?? ""}`;
  const own = hash.length > 1 && maker.endsWith(hash) ? maker.slice(0, -hash.length) : maker;
  return `${namespace}/${own}`;
};

/** "5 pods of 2 workloads: shop/counter (4), shop/mailer (1)" */
const sayPods = (pods: readonly PodView[]): string => {
  const counts = new Map<string, number>();
  for (const pod of pods) counts.set(workloadOf(pod), (counts.get(workloadOf(pod)) ?? 0) + 1);
  const named = [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, many]) => `${name} (${many})`);
  const rest = named.length - MOST_NAMED;
  const list = [...named.slice(0, MOST_NAMED), ...(rest > 0 ? [`and ${rest} more`] : [])].join(", ");
  return `${count(pods.length, "pod")} of ${count(counts.size, "workload")}: ${list}`;
};

const longestGrace = (pods: readonly PodView[]): number =>
  Math.max(0, ...pods.map(({ graceSeconds }) => graceSeconds));

/** Where nobody has measured it, what it is made of. */
const sayHowLong = (pods: readonly PodView[]): string =>
  `from their end (up to ${longestGrace(pods)} s each is given) over the kubelet's package and its restart (up to 5 minutes) to their own start, some minutes in all`;

const over = (outage: AcceptedOutage | undefined): string =>
  outage === undefined ? "" : `; it was accepted until ${outage.until}, which is over`;

export const awayWithoutWord = ({ machine, away, alone, outage }: Gone): Problem => ({
  code: "Kubeadm.Outage",
  path: "cluster.kubeadm.acceptedOutage",
  message: `${machine} is upgraded where it stands, and drained for its kubelet; ${alone ? "there is no second machine" : "no other node takes them"}, so away are ${sayPods(away)}; ${sayHowLong(away)}${over(outage)}`,
  fix: "give them room first: a pool with one more machine, in an `up` of its own; or accept it: `acceptedOutage: {until: <day>, reason: <why>}`",
  source: UPGRADE_URL,
});

export const notEvicted = (machine: string, { workload, protection, why }: Lost): Problem => ({
  code: "Kubeadm.NotEvicted",
  path: "cluster.kubeadm.acceptedOutage.disregard",
  message: `${workload} on ${machine} would stop the drain half-way: ${why}`,
  fix: `change that, or let its pods be deleted all the same: \`disregard: {${workload}: [${protection}]}\``,
  source: DRAIN_URL,
});

/** What the preview and the `up` say of an outage that somebody accepted. */
export const sayAccepted = (
  { machine, away, outage }: Gone,
  disregarded: readonly Lost[],
): readonly string[] => [
  ...(away.length === 0
    ? []
    : [
        `outage accepted until ${outage?.until ?? ""} (${outage?.reason ?? ""}): away while ${machine} is upgraded are ${sayPods(away)}; ${sayHowLong(away)}`,
      ]),
  ...disregarded.map(({ workload, why }) => `deleted, not evicted, on ${machine}: ${workload}; ${why}`),
];
