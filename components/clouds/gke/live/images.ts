import type { ConnectionRecipe } from "../../../../core/config/connection";
import type { Problem } from "../../../../core/problem";
import { accept, refuse, type Result } from "../../../../core/result";
import type { ImageWanted } from "../../../../operations/ports";
import { clusterUrl, locationUrl } from "./access";
import { ask, askFor } from "./call";
import { send } from "./client";

/** What is read of what a location offers: REST resource projects.locations.serverConfig. */
interface ServerConfig {
  readonly validNodeVersions?: readonly string[];
}

/** "1.36.4-gke.1000000" as numbers, the way GKE orders versions. */
const partsOf = (version: string): readonly number[] => version.split(/\.|-gke\./).map(Number);

const compare = (a: string, b: string): number => {
  const other = partsOf(b);
  return (
    partsOf(a)
      .map((part, index) => part - (other[index] ?? part))
      .find(gap => gap !== 0) ?? 0
  );
};

const isOf = (version: string, wanted: string): boolean => compare(version, wanted) === 0;

const readOffered = async (place: ConnectionRecipe): Promise<readonly string[]> => {
  const asked = { permission: "container.clusters.list", on: `location ${place.region ?? ""}` };
  const url = `${locationUrl(place)}/serverConfig`;
  const { validNodeVersions = [] } = await ask(asked, () => send<ServerConfig>({ method: "GET", url }));
  return [...validNodeVersions].sort((a, b) => compare(b, a));
};

/** GKE refuses a node that is newer than the control plane, and leaves the control plane's build alone. */
const limitOf = async (place: ConnectionRecipe, wanted: string): Promise<string | undefined> => {
  const asked = { permission: "container.clusters.get", on: `cluster ${place.name}` };
  const found = await askFor(asked, () =>
    send<{ readonly currentMasterVersion?: string }>({ method: "GET", url: clusterUrl(place) }),
  );
  const version = found?.currentMasterVersion;
  const minor = wanted.split(".").slice(0, 2).join(".");
  return version !== undefined && isOf(version, minor) ? version : undefined;
};

/** The newest node version of the wanted one that GKE offers here, and not newer than a control plane of its minor. */
export const newestImage = async (wanted: ImageWanted): Promise<Result<string>> => {
  const { connection, version, family } = wanted;
  const [offered, limit] = await Promise.all([readOffered(connection), limitOf(connection, version)]);
  const newest = offered.find(one => isOf(one, version) && (limit === undefined || compare(one, limit) <= 0));
  if (newest === undefined) return refuse([notOffered(wanted, offered, limit)]);
  return accept(family === undefined ? newest : `${family}/${newest}`);
};

const notOffered = (
  { pool, version, connection }: ImageWanted,
  offered: readonly string[],
  limit: string | undefined,
): Problem => {
  const [minor = 0] = partsOf(version).slice(1);
  const distance = (one: string): number => Math.abs((partsOf(one)[1] ?? 0) - minor);
  const nearest = [...offered].sort((a, b) => distance(a) - distance(b))[0] ?? "none";
  const above = limit === undefined ? "" : ` up to ${limit}, which the control plane runs`;
  return {
    code: "Pin.NotOffered",
    path: `pools.${pool}.version`,
    message: `found "${version}"; GKE offers no node version of it in ${connection.region ?? ""}${above}`,
    fix: `choose an offered version, the nearest is ${nearest}`,
    source: "https://docs.cloud.google.com/kubernetes-engine/docs/release-notes",
  };
};
