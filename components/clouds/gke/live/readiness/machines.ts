import { gkeZone, type PoolSpec } from "../../../../../core/config";
import type { Problem } from "../../../../../core/problem";
import type { MachinesToCome } from "../../../../../core/upgrade/toCome";
import { type Findings, NOTHING } from "../../../shared/live/sideBySide";
import { computeUrl, look, lookFor, type Question, regionOf } from "./question";

const TYPES_URL = "https://docs.cloud.google.com/compute/docs/regions-zones#available";

/** Machines of one pool that are to come, and what each of its zones says of their type. */
export interface Coming {
  readonly pool: string;
  readonly machine: string;
  readonly nodes: number;
  readonly isSpot: boolean;
  readonly diskGb: number;
  /** Absent = none of its zones has the type. */
  readonly cpus?: number;
  readonly missing: readonly string[];
  /** Zones of the region that have it; asked only where one of the pool's has not. */
  readonly offering: readonly string[];
}

/** GKE's own default for a boot disk. */
const DISK_GB = 100;

interface MachineType {
  readonly guestCpus?: number;
}

/** GKE makes as many in each zone, so a new pool's least size is rounded up to them. */
export const bornNodes = ({ count, spec }: MachinesToCome<PoolSpec>): number => {
  const zones = Math.max(1, spec.zones.length);
  return Math.max(count, Math.ceil(Math.min(count, spec.size.min) / zones) * zones);
};

export const readComing = (question: Question): Promise<readonly Coming[]> =>
  Promise.all(question.wanted.toCome.map(coming => readOne(question, coming)));

const readOne = async (question: Question, coming: MachinesToCome<PoolSpec>): Promise<Coming> => {
  const { pool, spec } = coming;
  const machine = spec.machine ?? "";
  const zones = spec.zones.map(zone => gkeZone(regionOf(question), zone));
  const found = await Promise.all(zones.map(zone => readType(question, zone, machine)));
  const missing = zones.filter((_zone, index) => found[index] === undefined);
  const cpus = found.find(type => type !== undefined)?.guestCpus;
  return {
    ...{ pool, machine, missing, nodes: bornNodes(coming) },
    ...{ isSpot: spec.capacity === "spot", diskGb: spec.diskGiB ?? DISK_GB },
    ...(cpus === undefined ? {} : { cpus }),
    offering: missing.length === 0 ? [] : await zonesWith(question, machine),
  };
};

const readType = (question: Question, zone: string, machine: string): Promise<MachineType | undefined> =>
  lookFor<MachineType>(
    question,
    { permission: "compute.machineTypes.get", on: `machine type ${machine} in ${zone}` },
    { url: computeUrl(question, `/zones/${zone}/machineTypes/${machine}`) },
  );

/** REST method machineTypes.aggregatedList: a scope "zones/ZONE" for each zone of the project. */
const zonesWith = async (question: Question, machine: string): Promise<readonly string[]> => {
  const filter = encodeURIComponent(`name = ${machine}`);
  const { items = {} } = await look<{
    readonly items?: Readonly<Record<string, { readonly machineTypes?: readonly object[] }>>;
  }>(
    question,
    { permission: "compute.machineTypes.list", on: `machine type ${machine}` },
    { url: computeUrl(question, `/aggregated/machineTypes?filter=${filter}`) },
  );
  return Object.entries(items)
    .filter(([, { machineTypes = [] }]) => machineTypes.length > 0)
    .map(([scope]) => scope.replace("zones/", ""))
    .filter(zone => zone.startsWith(`${regionOf(question)}-`))
    .sort();
};

export const judgeMachines = (coming: readonly Coming[], region: string): Findings => ({
  ...NOTHING,
  blockers: coming.filter(({ missing }) => missing.length > 0).map(one => notThere(one, region)),
});

const notThere = ({ pool, machine, missing, offering }: Coming, region: string): Problem => ({
  code: "Gke.MachineNotInZone",
  path: `pools.${pool}.machine`,
  message: `found "${machine}", which Compute Engine does not have in ${missing.join(" and ")}`,
  fix:
    offering.length === 0
      ? `choose another machine type: no zone of ${region} has this one`
      : `choose another machine type, or zones that have it: ${offering.join(", ")}`,
  source: TYPES_URL,
});
