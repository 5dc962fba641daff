import type { AcceptedOutage } from "../../../core/config";
import { MARKS } from "./facts";

const CORDONED = `${MARKS}/cordoned`;
const DRAIN_SECONDS = 600;

/**
 * A cordon of ours never outlives its run unsaid: whatever ends the script opens the node, and where that fails it is
 * said and the mark stays for the next run. That one opens it first: `kubeadm upgrade` runs a Job on the cluster, which
 * finds no place on a closed machine that is the only one (kubernetes/kubeadm#3050).
 */
export const openAtEnd = (node: string): readonly string[] => [
  `give_back() { [ ! -f ${CORDONED} ] || { kubectl uncordon ${node} && rm ${CORDONED}; }; }`,
  "ended() {",
  "code=$?",
  "trap - EXIT",
  `if [ "$code" != 0 ] && [ -f ${CORDONED} ]; then`,
  "if give_back >/dev/null 2>&1; then",
  `echo "changeover: ${node} is open again, pods run there as soon as its kubelet is Ready; run pulumi up again, which goes on from here" >&2`,
  "else",
  `echo "changeover: ${node} is still cordoned: run pulumi up again, which opens it, or kubectl uncordon ${node}" >&2`,
  "fi",
  "fi",
  'exit "$code"',
  "}",
  "trap ended EXIT",
  'trap "exit 129" HUP',
  'trap "exit 141" PIPE',
  'trap "exit 143" TERM',
  "give_back",
];

/** A Deployment's pods are owned by its ReplicaSet, which is called as it is, with the hash of their template. */
const dropNamed = (node: string): readonly string[] => [
  `kubectl cordon ${node}`,
  `named() { kubectl get pods -n "$1" --field-selector spec.nodeName=${node} --no-headers -o "custom-columns=NAME:.metadata.name,OWNER:.metadata.ownerReferences[0].name,HASH:.metadata.labels.pod-template-hash" | while read -r pod owner hash; do if [ "$owner" = "<none>" ]; then owner=$pod; fi; if [ "\${owner%-$hash}" = "$2" ]; then echo "$pod"; fi; done; }`,
  `drop() { pods=$(named "$1" "$2"); if [ -n "$pods" ]; then kubectl delete pods -n "$1" $pods --ignore-not-found --timeout=${DRAIN_SECONDS}s; fi; }`,
];

/**
 * A cordon that was there before stays. What is to be passed over is deleted by name; for all others kubectl's own
 * refusals hold: no --force, no --delete-emptydir-data, no --disable-eviction.
 */
export const drain = (
  node: string,
  disregard: AcceptedOutage["disregard"] | undefined = {},
): readonly string[] => {
  const named = Object.keys(disregard).sort();
  return [
    "since=$(date +%s)",
    `if [ "$(kubectl get node ${node} -o jsonpath={.spec.unschedulable})" != true ]; then touch ${CORDONED}; fi`,
    ...(named.length === 0 ? [] : dropNamed(node)),
    ...named.map(workload => `drop ${workload.replace("/", " ")}`),
    `kubectl drain ${node} --ignore-daemonsets --timeout=${DRAIN_SECONDS}s`,
  ];
};

export const reopen = (node: string): readonly string[] => [
  "give_back",
  `echo "[ControlPlane] ${node} took no pods for $(( $(date +%s) - since )) s"`,
];
