import { parseKubeVersion, type KubeVersion } from "../version/kubeVersion";
import type { ObservedCluster, ObservedVersion } from "./rules";

/** What one `up` sets out to reach, as plain values. */
export interface WantedTransition {
  readonly version: string;
  readonly stage: "emulated" | "final";
  /** Pool → id of the generation that shall be active. */
  readonly generations: Readonly<Record<string, string>>;
}

/**
 * Whether the live cluster shows that nothing is left to do: version and stage served, and for each pool the wanted
 * generation active with its present epoch completed. State is a claim; this looks.
 */
export const isTransitionComplete = (observed: ObservedCluster, wanted: WantedTransition): boolean => {
  if (observed.version === undefined || !servesVersion(observed.version, wanted)) return false;
  return Object.entries(wanted.generations).every(([pool, generation]) => {
    const record = observed.ledger.pools[pool];
    return record?.active === generation && record.completed === record.epoch;
  });
};

/** Whether a control plane runs the wanted binary, and emulates its predecessor exactly when asked to. */
export const servesVersion = (
  live: ObservedVersion,
  wanted: Pick<WantedTransition, "version" | "stage">,
): boolean => {
  const binary = parseKubeVersion(live.binary);
  const asked = parseKubeVersion(wanted.version);
  if (!binary.ok || !asked.ok || !matches(binary.value, asked.value)) return false;
  return emulates(live, binary.value) === (wanted.stage === "emulated");
};

/** A wanted version without patch accepts every patch of its minor. */
const matches = (found: KubeVersion, wanted: KubeVersion): boolean =>
  found.major === wanted.major &&
  found.minor === wanted.minor &&
  (wanted.patch === undefined || found.patch === wanted.patch);

const emulates = (live: ObservedVersion, binary: KubeVersion): boolean => {
  const emulated = live.emulated === undefined ? undefined : parseKubeVersion(live.emulated);
  return emulated?.ok === true && emulated.value.minor !== binary.minor;
};
