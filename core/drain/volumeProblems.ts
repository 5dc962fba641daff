import type { Problem } from "../problem";
import { named } from "./stranded";
import type { Berth, VolumeFinding, VolumeVerdict } from "./volumeRoom";

const SOURCE = "https://kubernetes.io/docs/concepts/storage/storage-limits/";

/** What judgeVolumeRoom found, for the user. */
export const describeVolumeRoom = ({
  short,
  tight,
  unknown,
}: VolumeVerdict): { readonly blockers: readonly Problem[]; readonly warnings: readonly Problem[] } => ({
  blockers: short.map(tooMany),
  warnings: [...tight.map(notShown), ...unknown.map(notKnown)],
});

const pathOf = ({ pools }: VolumeFinding): string =>
  pools.length === 1 ? `pools.${pools[0] ?? ""}` : "pools";

const leaving = ({ driver, volumes, pools, workloads }: VolumeFinding): string =>
  `${String(volumes)} ${volumes === 1 ? "volume" : "volumes"} of ${driver} (${named(workloads)}) ${volumes === 1 ? "leaves" : "leave"} with nodes of ${pools.map(pool => `pools.${pool}`).join(", ")}`;

const freeOn = ({ free }: Berth, driver: string): number => Math.max(0, free[driver] ?? Infinity);

/** Nodes that come by pool, nodes that stay in one sum. */
const supplyOf = ({ berths, driver }: VolumeFinding): string => {
  const coming = berths.filter(({ pool, count }) => pool !== undefined && count > 0);
  const staying = berths.filter(({ pool, count }) => pool === undefined && count > 0);
  const left = staying.reduce((sum, berth) => sum + freeOn(berth, driver), 0);
  const parts = [
    ...coming.map(
      ({ pool = "", machine, count, free }) =>
        `${String(count)} of pools.${pool} (${machine}, ${each(free[driver])})`,
    ),
    ...(staying.length === 0 ? [] : [`${String(staying.length)} that stay (${String(left)} more)`]),
  ];
  return parts.length === 0 ? "none" : parts.join(", ");
};

const each = (limit: number | undefined): string =>
  limit === undefined ? "limit not known" : `${String(Math.max(0, limit))} each`;

const tooMany = (found: VolumeFinding): Problem => ({
  code: "Preflight.TooManyVolumes",
  path: pathOf(found),
  message: `${leaving(found)}, and all nodes that there could be for them hold fewer: ${supplyOf(found)}`,
  fix: moreNodes(found),
  source: SOURCE,
});

const moreNodes = ({ berths, driver, volumes }: VolumeFinding): string => {
  const room = berths.reduce((sum, berth) => sum + berth.count * freeOn(berth, driver), 0);
  const pool = berths.find(berth => berth.pool !== undefined && freeOn(berth, driver) > 0);
  if (pool === undefined)
    return "give a pool machines that hold more volumes, or spread these workloads over other pools";
  const more = Math.ceil((volumes - room) / freeOn(pool, driver));
  return `raise pools.${pool.pool ?? ""}.size.max by ${String(more)} or more, take a machine that holds more volumes, or spread these workloads over other pools`;
};

const notShown = (found: VolumeFinding): Problem => ({
  code: "Preflight.VolumeRoomNotShown",
  path: pathOf(found),
  message: `${leaving(found)} and no place was found for them on the nodes that there will be at first: ${supplyOf(found)}; a volume tied to a zone counts only nodes that surely come there`,
  fix: "raise size.min of the pool, make it one pool for each zone (perZone), or take a machine that holds more volumes; else the migration stops before these pods until there are nodes",
  source: SOURCE,
});

const notKnown = (found: VolumeFinding): Problem => ({
  code: "Preflight.VolumeLimitUnknown",
  path: pathOf(found),
  message: `${leaving(found)}, and whether the nodes that there will be hold them is not known: ${supplyOf(found)}. A limit is told by nodes of the same kind that run the driver now (CSINode)`,
  fix: "compare with what the driver says of that machine; or add a node of it, of any pool, and run the preview again",
  source: SOURCE,
});
