/** One flag as help shows it. A switch is on or off, also as `--flag=false`; a list may be given several times. */
export interface FlagRow {
  readonly flags: string;
  readonly words: string;
  readonly kind: "value" | "switch" | "list";
  readonly initial?: string | boolean;
}

const value = (flags: string, words: string, initial?: string): FlagRow => ({
  flags,
  words,
  kind: "value",
  ...(initial === undefined ? {} : { initial }),
});

const onOff = (flags: string, words: string): FlagRow => ({ flags, words, kind: "switch" });

const list = (flags: string, words: string): FlagRow => ({ flags, words, kind: "list" });

const NODES: readonly FlagRow[] = [
  value("-l, --selector <labels>", "nodes by label, as kubectl takes it: pool=blue,zone!=a"),
  value("--pool <name>", "nodes of this node pool"),
  value("--generation <id>", "with --pool: only those of this generation"),
  value(
    "--to <labels>",
    "where the pods are to go; the plan proves that they fit there (default: anywhere else)",
  ),
  value(
    "--kubeconfig <file>",
    "how to reach the cluster (default: KUBECONFIG, then ~/.kube/config, then your only lab)",
  ),
  value("--context <name>", "which context of it (default: its current one)"),
  value("--lab <name>", "the cluster is this lab of yours"),
];

const KUBECTL: readonly FlagRow[] = [
  onOff("--force", "move pods too that no controller makes again: they are gone then"),
  {
    flags: "--ignore-daemonsets",
    words: "leave pods of DaemonSets where they are; the one difference: kubectl's default is false",
    kind: "switch",
    initial: true,
  },
  onOff("--delete-emptydir-data", "move pods too whose emptyDir or hostPath data is lost by it"),
  value("--grace-period <seconds>", "time each pod gets to end; negative = its own; 0 is refused", "-1"),
  value("--timeout <duration>", "end after this long; 0s = never", "0s"),
  value("--pod-selector <labels>", "only pods with these labels"),
  value(
    "--skip-wait-for-delete-timeout <seconds>",
    "do not wait for pods whose deletion is older than this; 0 = wait",
    "0",
  ),
  value("--chunk-size <count>", "objects a list call asks for at a time; 0 = all at once", "500"),
  onOff("--disable-eviction", "refused: disruption budgets are always asked"),
  value(
    "--dry-run <how>",
    "none; client = print the plan; server = also try one eviction of each workload",
    "none",
  ),
];

const OWN: readonly FlagRow[] = [
  value(
    "--stall-timeout <duration>",
    "without any progress for this long what is left counts as blocked; 0s = never",
    "10m",
  ),
  value(
    "--lease-wait <duration>",
    "wait this long for another run's lease; one that died is free after 30 s",
    "35s",
  ),
  value(
    "--deregistration-wait <duration>",
    "an emptied node leaves its load balancers; wait this long until it counts as drained",
    "0s",
  ),
  onOff(
    "--delete-empty-nodes",
    "delete the Node objects of emptied nodes that keep pods Pending by their topology spread: they are not given back",
  ),
  list("--disregard <codes>", "pass over these reasons not to move a pod, e.g. DO_NOT_DISRUPT"),
  list("--abandon-claim <claims>", "volumes (namespace/claim) on these nodes whose data may be lost"),
  list(
    "--allow <rungs>",
    "for workloads that cannot be evicted, RUNG=NAMESPACE[/KIND/NAME]: surge, rollout-restart, evict-unhealthy, force; or surge-first for Deployments that must never be short of a pod",
  ),
  value(
    "--on-alarm <what>",
    "when replacements stay Pending or get not Ready, or other nodes fail: hold, or rollback (needs --to)",
    "hold",
  ),
  onOff("--rollback", "the way back: open these nodes again and drain those of --to"),
  onOff("--abort", "give up: nodes get back the state they had; pods that moved stay moved"),
  value(
    "--metrics-file <file>",
    "keep the run's figures there as Prometheus text, for node_exporter's textfile collector (*.prom)",
  ),
  value("--output <form>", "text, json (one object at the end) or events (one JSON object a line)", "text"),
];

/** All flags of `changeover drain`, in the order of its help. */
export const FLAGS: readonly FlagRow[] = [...NODES, ...KUBECTL, ...OWN];

/** These say nothing about why a pod would move. */
const ONLY_TO_DRAIN =
  /--(selector|pool|generation|grace-period|timeout|disable-eviction|dry-run|stall-timeout|lease-wait|deregistration-wait|delete-empty-nodes|allow|on-alarm|metrics-file|rollback|abort) /;

export const EXPLAIN_FLAGS: readonly FlagRow[] = FLAGS.filter(
  ({ flags }) => !ONLY_TO_DRAIN.test(`${flags} `),
);

export const nameOf = ({ flags }: FlagRow): string => /--([a-z-]+)/.exec(flags)?.[1] ?? "";

/** The names of all switches, without dashes. */
export const SWITCHES: readonly string[] = FLAGS.filter(({ kind }) => kind === "switch").map(nameOf);

const WITH_VALUE = new RegExp(`^--(${SWITCHES.join("|")})=(true|false)$`);

/** kubectl takes `--force=false` where commander knows only `--force` and `--no-force`. */
export const asSwitch = (arg: string): string => {
  const [, name, on] = WITH_VALUE.exec(arg) ?? [];
  if (name === undefined) return arg;
  return on === "true" ? `--${name}` : `--no-${name}`;
};
