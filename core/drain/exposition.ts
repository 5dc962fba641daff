import type { Sample } from "./metrics";

interface Family {
  readonly type: "gauge" | "counter" | "summary";
  readonly help: string;
}

const gauge = (help: string): Family => ({ type: "gauge", help });
const counter = (help: string): Family => ({ type: "counter", help });

/** Every metric of a drain, in the order in which they are printed. */
const FAMILIES: Readonly<Record<string, Family>> = {
  drain_pods: gauge("Pods on the nodes that are being emptied, by state; moved: since the start"),
  drain_nodes_emptied_total: counter("Times that a node became empty"),
  drain_evictions_total: counter("Answers to evictions, by HTTP code and cause"),
  drain_eviction_latency_seconds: { type: "summary", help: "Time from an eviction call to its answer" },
  drain_forced_total: counter("Times that pods were deleted past their budget, by the rung of the ladder"),
  drain_budget_slots: gauge("Pods that may be evicted now, by budget"),
  drain_budget_blocked_seconds: gauge("Since when a budget has had no slot, and why"),
  drain_cycle_seconds: gauge("How long an eviction takes a slot of its budget, moving average"),
  drain_gate_open: gauge("1 while the guard lets evictions pass"),
  drain_eta_seconds: gauge("Time that is still needed if nothing disturbs"),
  drain_lower_bound_seconds: gauge("T*: no drainer that keeps the budgets can be faster"),
  drain_watch_lag_seconds: gauge("Time without a word from a watch that fails; 0 while it is fed"),
  drain_lease_transitions: gauge("Fencing number of the cluster's lease"),
  drain_runs_total: counter("Ends of runs, by outcome"),
};

const familyOf = (name: string): string => (name in FAMILIES ? name : name.replace(/_(sum|count)$/, ""));

const escapeLabel = (text: string): string =>
  text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");

const describeSample = ({ name, labels, value }: Sample): string => {
  const pairs = Object.entries(labels).map(([key, text]) => `${key}="${escapeLabel(text)}"`);
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}`;
};

/** The text that Prometheus reads: each metric in one piece, with what it is. */
export const formatSamples = (samples: Iterable<Sample>): string => {
  const groups = Map.groupBy(samples, ({ name }) => familyOf(name));
  return Object.entries(FAMILIES)
    .flatMap(([name, { type, help }]) => {
      const group = groups.get(name) ?? [];
      if (group.length === 0) return [];
      return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...group.map(describeSample)];
    })
    .map(line => `${line}\n`)
    .join("");
};
