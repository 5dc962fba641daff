import { LABEL, RESERVED_PREFIX } from "../identity/names";
import type { Problem } from "../problem";

/** A pool of machines at the cloud, in the words of config. */
export interface ExistingPool {
  /** What the cloud calls it. */
  readonly name: string;
  /** An entry of `pools` that would make such machines. */
  readonly entry: Readonly<Record<string, unknown>> & { readonly version: string };
  /** Labels by which its nodes are known in the cluster; their names where no label tells them from others. */
  readonly nodes: Readonly<Record<string, string>> | readonly string[];
  /** Pool and generation in its labels at the cloud, where they are there. Absent = nothing there makes nodes of it. */
  readonly marks?: { readonly pool?: string; readonly generation?: string };
  /** A list under `cluster` that names such pools, as a path: ["aks", "systemPools"]. */
  readonly listedIn?: readonly string[];
  /** Whether changeover made it: then it is a generation already and nobody adopts it. */
  readonly made: boolean;
  /** Why it can't be taken over, or what its next generation would lose. */
  readonly problems: readonly Problem[];
}

/** An add-on that the cloud has in the cluster, in the words of config. */
export interface ExistingAddOn {
  readonly name: string;
  /** An entry of `addOns` that says what is there. */
  readonly entry: Readonly<Record<string, unknown>> & { readonly version: string };
  /** Whether a stack of changeover made it. */
  readonly made: boolean;
  /** "Helm release cni": who else keeps it, where that is written on it. */
  readonly keeper?: string;
}

/** A cluster at the cloud, in the words of config. */
export interface ExistingCluster {
  readonly cluster: Readonly<Record<string, unknown>> & { readonly version: string };
  readonly pools: readonly ExistingPool[];
  /** Asked for only by who takes them over; absent = not asked. */
  readonly addOns?: readonly ExistingAddOn[];
  readonly problems: readonly Problem[];
}

/** What is asked for where nothing at the cloud says which machines belong together, nor where they answer. */
export interface MachinesWanted {
  /** Pools that are asked for or were taken over, by `ExistingPool.name`. */
  readonly names: readonly string[];
  /** Node name → ssh address, where it is not the node's own InternalIP. */
  readonly addresses: Readonly<Record<string, string>>;
}

/** What most have, for settings that config has once: the first by name where as many have another. */
export const mostCommon = (values: readonly string[]): string => {
  const count = (value: string): number => values.filter(other => other === value).length;
  return [...new Set(values)].sort((a, b) => count(b) - count(a) || a.localeCompare(b))[0] ?? "";
};

type Labels = Readonly<Record<string, string>>;

/** Pool and generation, where a pool's labels at the cloud name them. */
export const marksIn = (labels: Labels = {}): NonNullable<ExistingPool["marks"]> => ({
  ...present("pool", labels[LABEL.pool]),
  ...present("generation", labels[LABEL.generation]),
});

/** One key, left out where there is no value. */
export const present = <K extends string, V extends string | number>(
  key: K,
  value: V | undefined,
): { readonly [P in K]?: V } =>
  value === undefined || value === "" ? {} : ({ [key]: value } as { [P in K]?: V });

interface Taint {
  readonly key: string;
  readonly value?: string;
  /** In config's word. */
  readonly effect: string;
}

/** Labels and taints as config takes them: without changeover's own, and no empty blocks. */
export const writeBornWith = (labels: Labels = {}, taints: readonly Taint[] = []): object => {
  const isTheirs = (key: string): boolean => !key.startsWith(RESERVED_PREFIX);
  const kept = Object.entries(labels).filter(([key]) => isTheirs(key));
  const tainted = taints.filter(({ key }) => isTheirs(key));
  return {
    ...(kept.length === 0 ? {} : { labels: Object.fromEntries(kept) }),
    ...(tainted.length === 0 ? {} : { taints: tainted }),
  };
};
