import {
  addResources,
  maxResources,
  NO_RESOURCES,
  readResources,
  type RawResources,
  type Resources,
} from "./quantity";

type Which = "requests" | "limits";

type Amounts = { readonly [K in Which]?: RawResources };

export interface RawContainer {
  readonly name?: string;
  readonly restartPolicy?: string;
  readonly resources?: Amounts;
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
  /** Of the pod as a whole; where set they stand instead of the sum. */
  readonly resources?: Amounts;
}

type Read = (container: RawContainer) => Resources;

const reader =
  (which: Which): Read =>
  container =>
    readResources(container.resources?.[which]);

const isSidecar = (container: RawContainer): boolean => container.restartPolicy === "Always";

/** Init containers run one by one, each beside the sidecars started before it: the highest moment counts. */
const startPeak = (
  containers: readonly RawContainer[],
  read: Read,
): { readonly peak: Resources; readonly sidecars: Resources } => {
  let sidecars = NO_RESOURCES;
  let peak = NO_RESOURCES;
  for (const container of containers) {
    const asked = read(container);
    peak = maxResources(peak, addResources(sidecars, asked));
    if (isSidecar(container)) sidecars = addResources(sidecars, asked);
  }
  return { peak, sidecars };
};

const withPodLevel = (total: Resources, podLevel: RawResources | undefined): Resources => {
  if (podLevel === undefined) return total;
  const whole = readResources(podLevel);
  return {
    cpuMillis: podLevel["cpu"] === undefined ? total.cpuMillis : whole.cpuMillis,
    memoryBytes: podLevel["memory"] === undefined ? total.memoryBytes : whole.memoryBytes,
    other: { ...total.other, ...whole.other },
  };
};

const sum = (spec: RawRequests, which: Which): Resources => {
  const read = reader(which);
  const { peak, sidecars } = startPeak(spec.initContainers ?? [], read);
  const running = (spec.containers ?? []).map(read).reduce(addResources, sidecars);
  const asked = withPodLevel(maxResources(running, peak), spec.resources?.[which]);
  return addResources(asked, readResources(spec.overhead));
};

/** What the scheduler must find free on a node for this pod. */
export const sumRequests = (spec: RawRequests): Resources => sum(spec, "requests");

/** What the pod may take at most, as far as it is limited. */
export const sumLimits = (spec: RawRequests): Resources => sum(spec, "limits");
