import type { ConnectionRecipe } from "../../../../core/config/connection";
import type { Problem } from "../../../../core/problem";
import { accept, refuse, type Result } from "../../../../core/result";
import type { ImageWanted } from "../../../../operations/ports";
import { clusterUrl } from "./access";
import { askFor } from "./call";
import { send } from "./client";
import { compare, isOf, nearestTo, readOffered } from "./offered";

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
  const [{ nodes: offered }, limit] = await Promise.all([
    readOffered(connection),
    limitOf(connection, version),
  ]);
  const newest = offered.find(one => isOf(one, version) && (limit === undefined || compare(one, limit) <= 0));
  if (newest === undefined) return refuse([notOffered(wanted, offered, limit)]);
  return accept(family === undefined ? newest : `${family}/${newest}`);
};

const notOffered = (
  { pool, version, connection }: ImageWanted,
  offered: readonly string[],
  limit: string | undefined,
): Problem => {
  const above = limit === undefined ? "" : ` up to ${limit}, which the control plane runs`;
  return {
    code: "Pin.NotOffered",
    path: `pools.${pool}.version`,
    message: `found "${version}"; GKE offers no node version of it in ${connection.region ?? ""}${above}`,
    fix: `choose an offered version, the nearest is ${nearestTo(version, offered)}`,
    source: "https://docs.cloud.google.com/kubernetes-engine/docs/release-notes",
  };
};
