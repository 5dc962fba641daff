import {
  addResources,
  maxResources,
  NO_RESOURCES,
  readResources,
  type RawResources,
  type Resources,
} from "./quantity";

export interface RawContainer {
  readonly name?: string;
  readonly restartPolicy?: string;
  readonly resources?: { readonly requests?: RawResources };
  readonly ports?: readonly {
    readonly hostPort?: number;
    readonly protocol?: string;
    readonly hostIP?: string;
  }[];
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds?: number } } };
}

export interface RawRequests {
  readonly containers?: readonly RawContainer[];
  readonly initContainers?: readonly RawContainer[];
  readonly overhead?: RawResources;
  /** Requests of the pod as a whole; where set they stand instead of the sum. */
  readonly resources?: { readonly requests?: RawResources };
}

const requestsOf = (container: RawContainer): Resources => readResources(container.resources?.requests);

const isSidecar = (container: RawContainer): boolean => container.restartPolicy === "Always";

/** Init containers run one by one, each beside the sidecars started before it: the highest moment counts. */
const startPeak = (
  containers: readonly RawContainer[],
): { readonly peak: Resources; readonly sidecars: Resources } => {
  let sidecars = NO_RESOURCES;
  let peak = NO_RESOURCES;
  for (const container of containers) {
    const asked = requestsOf(container);
    peak = maxResources(peak, addResources(sidecars, asked));
    if (isSidecar(container)) sidecars = addResources(sidecars, asked);
  }
  return { peak, sidecars };
};

const withPodLevel = (sum: Resources, podLevel: RawResources | undefined): Resources => {
  if (podLevel === undefined) return sum;
  const whole = readResources(podLevel);
  return {
    cpuMillis: podLevel["cpu"] === undefined ? sum.cpuMillis : whole.cpuMillis,
    memoryBytes: podLevel["memory"] === undefined ? sum.memoryBytes : whole.memoryBytes,
    other: { ...sum.other, ...whole.other },
  };
};

/** What the scheduler must find free on a node for this pod. */
export const sumRequests = (spec: RawRequests): Resources => {
  const { peak, sidecars } = startPeak(spec.initContainers ?? []);
  const running = (spec.containers ?? []).map(requestsOf).reduce(addResources, sidecars);
  const asked = withPodLevel(maxResources(running, peak), spec.resources?.requests);
  return addResources(asked, readResources(spec.overhead));
};
