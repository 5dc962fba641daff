import type { ConnectionRecipe } from "../../../../core/config/connection";
import { locationUrl } from "./access";
import { ask } from "./call";
import { send } from "./client";

/** What a location offers: REST resource projects.locations.serverConfig. Newest first. */
export interface Offered {
  readonly masters: readonly string[];
  readonly nodes: readonly string[];
}

/** "1.36.4-gke.1000000" as numbers, the way GKE orders versions. */
const partsOf = (version: string): readonly number[] => version.split(/\.|-gke\./).map(Number);

export const compare = (a: string, b: string): number => {
  const other = partsOf(b);
  return (
    partsOf(a)
      .map((part, index) => part - (other[index] ?? part))
      .find(gap => gap !== 0) ?? 0
  );
};

/** "1.36" is every build of it, "1.36.4-gke.1000000" that one alone. */
export const isOf = (version: string, wanted: string): boolean => compare(version, wanted) === 0;

/** The newest of the offered ones whose minor is closest. */
export const nearestTo = (wanted: string, offered: readonly string[]): string => {
  const minorOf = (version: string): number => partsOf(version)[1] ?? 0;
  const distance = (one: string): number => Math.abs(minorOf(one) - minorOf(wanted));
  return [...offered].sort((a, b) => distance(a) - distance(b) || compare(b, a))[0] ?? "none";
};

export const readOffered = async (place: ConnectionRecipe, signal?: AbortSignal): Promise<Offered> => {
  const asked = { permission: "container.clusters.list", on: `location ${place.region ?? ""}` };
  const url = `${locationUrl(place)}/serverConfig`;
  const { validMasterVersions: masters = [], validNodeVersions: nodes = [] } = await ask(asked, () =>
    send<{
      readonly validMasterVersions?: readonly string[];
      readonly validNodeVersions?: readonly string[];
    }>({
      ...{ method: "GET", url },
      ...(signal === undefined ? {} : { signal }),
    }),
  );
  const newestFirst = (versions: readonly string[]): readonly string[] =>
    [...versions].sort((a, b) => compare(b, a));
  return { masters: newestFirst(masters), nodes: newestFirst(nodes) };
};
