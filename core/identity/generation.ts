import { formatVersion, minorText, parseKubeVersion } from "../version/kubeVersion";
import { sha256 } from "./sha256";

/** What makes one generation differ from another: everything about its machines that can't change under them. */
export interface GenerationSource {
  /** As written: "1.36" or "1.36.4". */
  readonly version: string;
  readonly machine?: string | undefined;
  readonly image?: string | undefined;
  readonly zones: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly GenerationTaint[];
  /** "spot", or what everybody has: absent and "onDemand" are the same machines. */
  readonly capacity?: "onDemand" | "spot" | undefined;
  /** Size of the disk a node boots from, in GiB. */
  readonly diskGiB?: number | undefined;
  /** Id and version of what else machines are made from: "lt-0a1b2c3d4e5f60718/4". */
  readonly launchTemplate?: string | undefined;
  /** Type and number: "nvidia-l4/1". */
  readonly accelerator?: string | undefined;
  /** Any text: a new one forces a new generation. */
  readonly respin?: string | undefined;
  /** How its machines are made by Karpenter; of that only their age is part of what they are. */
  readonly karpenter?: { readonly expireAfter: string } | undefined;
  /** Node name → ssh address, where machines are listed. A machine is its name: its address may change. */
  readonly hosts?: Readonly<Record<string, string>> | undefined;
}

export interface GenerationTaint {
  readonly key: string;
  readonly value?: string | undefined;
  readonly effect: string;
}

/**
 * The hashed list, explicit and versioned: a field added later is left out where it is absent, so that a library
 * update never makes a new generation of an unchanged config.
 */
export interface GenerationInputs {
  readonly schema: 1;
  readonly cluster: string;
  readonly pool: string;
  readonly version: string;
  readonly machine?: string;
  readonly image?: string;
  readonly zones?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  readonly respin?: string;
  readonly hosts?: readonly string[];
  readonly capacity?: "spot";
  readonly diskGiB?: number;
  readonly launchTemplate?: string;
  readonly accelerator?: string;
  readonly karpenter?: { readonly expireAfter?: string };
}

/** Builds the list. Order of zones, labels and taints has no meaning and does not change it. */
export const generationInputs = (
  cluster: string,
  pool: string,
  source: GenerationSource,
): GenerationInputs => ({
  schema: 1,
  cluster,
  pool,
  version: source.version,
  ...present("machine", source.machine),
  ...present("image", source.image),
  ...(source.zones.length === 0 ? {} : { zones: [...new Set(source.zones)].sort() }),
  ...(Object.keys(source.labels).length === 0 ? {} : { labels: sortKeys(source.labels) }),
  ...(source.taints.length === 0 ? {} : { taints: sortTaints(source.taints) }),
  ...present("respin", source.respin),
  ...(source.hosts === undefined ? {} : { hosts: Object.keys(source.hosts).sort() }),
  ...(source.capacity === "spot" ? { capacity: "spot" as const } : {}),
  ...present("diskGiB", source.diskGiB),
  ...present("launchTemplate", source.launchTemplate),
  ...present("accelerator", source.accelerator),
  ...karpenterOf(source.karpenter),
});

/** Karpenter takes another age for another machine (its NodePool's hash); policy and budgets change in place. */
const karpenterOf = (found: GenerationSource["karpenter"]): Pick<GenerationInputs, "karpenter"> => {
  if (found === undefined) return {};
  return { karpenter: found.expireAfter === "Never" ? {} : { expireAfter: found.expireAfter } };
};

const present = <K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });

const byText = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

const sortKeys = <T>(record: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => byText(a, b)));

const sortTaints = (taints: readonly GenerationTaint[]): NonNullable<GenerationInputs["taints"]> =>
  taints
    .map(({ key, value, effect }) => ({ key, ...present("value", value), effect }))
    .sort(
      (a, b) => byText(a.key, b.key) || byText(a.effect, b.effect) || byText(a.value ?? "", b.value ?? ""),
    );

/** The id of a generation: `<pool>-<major>-<minor>-<6 hex>`. It is URN and label value. */
export const generationId = (cluster: string, pool: GenerationSource & { readonly name: string }): string =>
  generationIdOf(generationInputs(cluster, pool.name, pool));

/**
 * The same from the list itself, as policies read it: canonical order whatever the order in which it arrives.
 * Throws when the version is no version: callers parse config first.
 */
export const generationIdOf = (inputs: GenerationInputs): string => {
  const version = parseKubeVersion(inputs.version);
  if (!version.ok) throw new Error(`"${inputs.version}" is no Kubernetes version`);
  const hash = sha256(canonical({ ...inputs, version: formatVersion(version.value) })).slice(0, 6);
  return `${inputs.pool}-${minorText(version.value).replace(".", "-")}-${hash}`;
};

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) => (isRecord(inner) ? sortKeys(inner) : inner));

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
