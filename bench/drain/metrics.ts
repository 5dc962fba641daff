import { leastMakespanOf } from "./outcome";
import type { Result } from "./result";

/** What is shown of a run. NaN = not measured here. */
export interface Metric {
  readonly what: string;
  readonly of: (result: Result, boundSeconds: number) => number;
  readonly digits: number;
  /** Of a run that was ended early the value is only the least that it can be. */
  readonly open?: boolean;
}

const orNothing = (value: number | undefined): number => value ?? Number.NaN;

const ENDS: readonly Metric[] = [
  { what: "makespan, s", of: leastMakespanOf, digits: 1, open: true },
  { what: "makespan ÷ T*", of: (result, bound) => leastMakespanOf(result) / bound, digits: 2, open: true },
  { what: "all ready again, s", of: ({ whole }) => orNothing(whole), digits: 1 },
  { what: "command back, s", of: ({ returned }) => orNothing(returned), digits: 1 },
  { what: "first eviction, s", of: ({ firstEviction }) => orNothing(firstEviction), digits: 2 },
  { what: "blockers named, s", of: ({ named }) => orNothing(named), digits: 1 },
];

const PODS: readonly Metric[] = [
  { what: "pods sent away", of: ({ moved }) => moved, digits: 0 },
  { what: "pods left on blue", of: ({ left }) => left, digits: 0 },
  { what: "unavailable pod-seconds", of: result => result.unavailablePodSeconds, digits: 0 },
  { what: "falls below a budget", of: ({ violations }) => violations, digits: 0 },
  { what: "double moves", of: ({ doubleMoves }) => doubleMoves, digits: 0 },
];

const COSTS: readonly Metric[] = [
  { what: "evictions accepted", of: ({ api }) => orNothing(api?.evictions), digits: 0 },
  { what: "evictions refused, 429", of: ({ api }) => orNothing(api?.refused), digits: 0 },
  { what: "evictions failed otherwise", of: ({ api }) => orNothing(api?.failed), digits: 0 },
  { what: "requests, all clients", of: ({ api }) => orNothing(api?.requests), digits: 0 },
  { what: "MB answered, all clients", of: ({ api }) => orNothing(api?.bytes) / 1e6, digits: 1 },
  { what: "API p99, ms", of: ({ api }) => orNothing(api?.p99Seconds) * 1_000, digits: 0 },
  { what: "client CPU, s", of: ({ cpuSeconds }) => cpuSeconds, digits: 1 },
  { what: "client peak memory, MB", of: ({ peakMegabytes }) => peakMegabytes, digits: 0 },
];

const FAULTS: readonly Metric[] = [
  { what: "fault at, s", of: ({ injected }) => orNothing(injected?.at), digits: 1 },
  { what: "evicted after it", of: ({ injected }) => orNothing(injected?.evictedAfter), digits: 0 },
  {
    what: "last eviction after it, s",
    of: ({ injected }) => orNothing(injected?.evictedForSeconds),
    digits: 1,
  },
  { what: "resumed after, s", of: ({ injected }) => orNothing(injected?.resumed), digits: 1 },
];

export const METRICS: readonly Metric[] = [...ENDS, ...PODS, ...COSTS, ...FAULTS];
