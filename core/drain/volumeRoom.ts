import type { WrittenNode } from "./greenNodes";
import { hasPlace, type Wishes } from "./stranded";

/** A volume as limits count it: once a node, however many pods use it there. */
export interface MovingVolume {
  readonly id: string;
  readonly driver: string;
}

/** A pod that moves with its volumes. */
export interface VolumeMover {
  /** The pool that it leaves. */
  readonly pool: string;
  readonly wishes: Wishes;
  readonly volumes: readonly MovingVolume[];
}

/** Nodes that will be there and take as many volumes each. */
export interface Berth {
  /** Pool of nodes that come; absent = a node that is there and stays. */
  readonly pool?: string | undefined;
  /** Kind of machine, for the words. */
  readonly machine: string;
  /** How they look; of several, each node may come as any. */
  readonly looks: readonly WrittenNode[];
  readonly count: number;
  /** How many more volumes of a driver one of them takes; Infinity = any number, absent = not known. */
  readonly free: Readonly<Record<string, number>>;
  /** Ids of volumes that are on it already and take nothing more. */
  readonly held: ReadonlySet<string>;
}

export interface VolumeQuestion {
  readonly movers: readonly VolumeMover[];
  /** What will be there at first, one look each; a count of 0 = whether one will is not known. */
  readonly sure: readonly Berth[];
  /** The most that could be there. */
  readonly most: readonly Berth[];
}

/** Volumes of one driver, and the berths they are about. */
export interface VolumeFinding {
  readonly driver: string;
  readonly pools: readonly string[];
  readonly workloads: readonly string[];
  readonly volumes: number;
  readonly berths: readonly Berth[];
}

export interface VolumeVerdict {
  /** Too many for all nodes that there could be, however they are placed. */
  readonly short: readonly VolumeFinding[];
  /** No placement was found, and none is shown to be impossible. */
  readonly tight: readonly VolumeFinding[];
  /** The same, where some node's limit is not known. */
  readonly unknown: readonly VolumeFinding[];
}

/**
 * Whether nodes hold the volumes that move onto them. Silent only where a placement was found (first fit, the most
 * tied pods first); `short` only where none can exist. Nothing else of a pod than its volumes, selectors, required node
 * affinity and tolerations is asked, nor are room for it and its neighbours.
 * A limit counts unique volumes of a driver on a node (storage.k8s.io/v1, VolumeNodeResources.count), attached or not.
 */
export const judgeVolumeRoom = ({ movers, sure, most }: VolumeQuestion): VolumeVerdict => {
  const short = shortages(movers, most);
  const known = new Set(short.map(({ driver }) => driver));
  const open = homeless(movers, sure).filter(({ driver }) => !known.has(driver));
  const isUnknown = ({ driver, berths }: VolumeFinding): boolean =>
    berths.some(({ free }) => free[driver] === undefined);
  return { short, tight: open.filter(found => !isUnknown(found)), unknown: open.filter(isUnknown) };
};

/** Which berths take a pod by what is written on them. Pods that ask the same are asked about once. */
const openTo = (berths: readonly Berth[]): ((mover: VolumeMover) => readonly number[]) => {
  const known = new Map<string, readonly number[]>();
  return ({ wishes }) => {
    const { nodeSelector, affinity, tolerations, volumes } = wishes;
    const terms = volumes.map(volume => volume.terms);
    const shape = JSON.stringify([nodeSelector, affinity, tolerations, terms]);
    const open =
      known.get(shape) ??
      [...berths.keys()].filter(at => hasPlace(wishes, { nodes: berths[at]?.looks ?? [] }));
    known.set(shape, open);
    return open;
  };
};

/** One volume, and every berth that some pod with it could stand on. */
interface Demand extends MovingVolume {
  readonly berths: Set<number>;
  readonly movers: VolumeMover[];
}

const demandsOf = (movers: readonly VolumeMover[], berths: readonly Berth[]): readonly Demand[] => {
  const open = openTo(berths);
  const demands = new Map<string, Demand>();
  for (const mover of movers) {
    for (const { id, driver } of mover.volumes) {
      const demand = demands.get(id) ?? { id, driver, berths: new Set(), movers: [] };
      for (const at of open(mover)) demand.berths.add(at);
      demand.movers.push(mover);
      demands.set(id, demand);
    }
  }
  return [...demands.values()];
};

const roomOf = (berths: readonly Berth[], driver: string): number =>
  berths.reduce((sum, { count, free }) => sum + count * Math.max(0, free[driver] ?? Infinity), 0);

/** Counts that only a limit can refuse: a pod that no node takes at all is told of elsewhere. */
const isBound = ({ id, driver, berths }: Demand, most: readonly Berth[]): boolean => {
  const open = [...berths].flatMap(at => most[at] ?? []);
  return open.length > 0 && !open.some(({ held }) => held.has(id)) && roomOf(open, driver) < Infinity;
};

/** Volumes that can only be on these berths, against all that these take: no placement gets round that. */
const shortages = (movers: readonly VolumeMover[], most: readonly Berth[]): readonly VolumeFinding[] => {
  const demands = demandsOf(movers, most).filter(demand => isBound(demand, most));
  const found = areasOf(demands).flatMap(({ driver, area }) => {
    const within = demands.filter(one => one.driver === driver && [...one.berths].every(at => area.has(at)));
    const berths = [...area].flatMap(at => most[at] ?? []);
    if (within.length <= roomOf(berths, driver)) return [];
    return [{ area, finding: findingOf(driver, within, berths) }];
  });
  // Where a part is too small already, the whole says nothing new.
  const isPart = (part: ReadonlySet<number>, whole: ReadonlySet<number>): boolean =>
    part.size < whole.size && [...part].every(at => whole.has(at));
  return found
    .filter(
      ({ area, finding: { driver } }) =>
        !found.some(other => other.finding.driver === driver && isPart(other.area, area)),
    )
    .map(({ finding }) => finding);
};

interface Area {
  readonly driver: string;
  readonly area: ReadonlySet<number>;
}

/** Each set of berths that some volume is tied to, and all of a driver's together. */
const areasOf = (demands: readonly Demand[]): readonly Area[] => {
  const whole = new Map<string, Set<number>>();
  const areas = new Map<string, Area>();
  const note = (driver: string, area: ReadonlySet<number>): unknown =>
    areas.set(`${driver} ${[...area].sort((a, b) => a - b).join()}`, { driver, area });
  for (const { driver, berths } of demands) {
    note(driver, berths);
    whole.set(driver, new Set([...(whole.get(driver) ?? []), ...berths]));
  }
  for (const [driver, area] of whole) note(driver, area);
  return [...areas.values()];
};

interface Room {
  readonly berth: number;
  readonly left: Record<string, number>;
  readonly held: Set<string>;
}

const openRooms = (berths: readonly Berth[]): readonly Room[] =>
  berths.flatMap(({ count, free, held }, berth) =>
    Array.from({ length: count }, () => ({ berth, left: { ...free }, held: new Set(held) })),
  );

/** False, and nothing taken, where one driver's limit is in the way; one that is not known is taken to be nothing. */
const takeIn = ({ left, held }: Room, { volumes }: VolumeMover): boolean => {
  const added = new Map(volumes.filter(({ id }) => !held.has(id)).map(({ id, driver }) => [id, driver]));
  const after: Record<string, number> = {};
  for (const driver of added.values()) after[driver] = (after[driver] ?? left[driver] ?? 0) - 1;
  if (Object.values(after).some(rest => rest < 0)) return false;
  Object.assign(left, after);
  for (const id of added.keys()) held.add(id);
  return true;
};

/** Volumes of pods that first fit finds no node for, by driver, where a limit can be in the way. */
const homeless = (movers: readonly VolumeMover[], sure: readonly Berth[]): readonly VolumeFinding[] => {
  const open = openTo(sure);
  const rooms = openRooms(sure);
  const ranked = movers
    .map(mover => ({ mover, berths: new Set(open(mover)) }))
    .filter(({ berths }) => berths.size > 0)
    .sort((a, b) => a.berths.size - b.berths.size || b.mover.volumes.length - a.mover.volumes.length);
  const left = ranked.filter(
    ({ mover, berths }) => !rooms.some(room => berths.has(room.berth) && takeIn(room, mover)),
  );
  const limited = left.flatMap(({ mover, berths }) => {
    const about = [...berths].flatMap(at => sure[at] ?? []);
    const volumes = mover.volumes.filter(({ driver }) => about.some(({ free }) => free[driver] !== Infinity));
    return volumes.length === 0 ? [] : [{ mover: { ...mover, volumes }, berths }];
  });
  const drivers = new Set(limited.flatMap(({ mover }) => mover.volumes.map(({ driver }) => driver)));
  return [...drivers].map(driver => {
    const those = limited.filter(({ mover }) => mover.volumes.some(volume => volume.driver === driver));
    const at = new Set(those.flatMap(({ berths }) => [...berths]));
    const demands = demandsOf(
      those.map(({ mover }) => mover),
      [],
    );
    return findingOf(
      driver,
      demands.filter(demand => demand.driver === driver),
      [...at].flatMap(one => sure[one] ?? []),
    );
  });
};

const findingOf = (driver: string, demands: readonly Demand[], berths: readonly Berth[]): VolumeFinding => {
  const movers = demands.flatMap(demand => demand.movers);
  return {
    driver,
    volumes: demands.length,
    pools: [...new Set(movers.map(({ pool }) => pool))].sort(),
    workloads: [...new Set(movers.map(({ wishes }) => wishes.workload))].sort(),
    berths,
  };
};
