import type { Problem } from "../../../../../core/problem";
import type { Findings } from "../../../shared/live/sideBySide";
import { list, type Question, regionOf, subscriptionPath } from "./question";

const SKUS_URL =
  "https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-sku-not-available";

/** REST type ResourceSku of Microsoft.Compute. */
export interface Sku {
  readonly name?: string;
  readonly resourceType?: string;
  readonly family?: string;
  readonly capabilities?: readonly { readonly name?: string; readonly value?: string }[];
  readonly locationInfo?: readonly { readonly location?: string; readonly zones?: readonly string[] }[];
  readonly restrictions?: readonly {
    readonly type?: string;
    readonly reasonCode?: string;
    readonly restrictionInfo?: { readonly zones?: readonly string[] };
  }[];
}

/** Machines that are to come together, and what Azure says of their type. */
export interface Coming {
  readonly pool: string;
  readonly path: string;
  readonly machine: string;
  readonly nodes: number;
  readonly zones: readonly string[];
  readonly isSpot: boolean;
  /** Absent = the region does not have it. */
  readonly sku?: Sku;
}

type Machines = Omit<Coming, "sku">;

/** A cluster that is made is born with a pool of one machine, which is there beside the first pools. */
const machinesOf = ({ wanted: { toCome, cluster, live } }: Question): readonly Machines[] => [
  ...toCome.map(({ pool, count, spec }) => ({
    ...{ pool, nodes: count, zones: spec.zones, machine: spec.machine ?? "" },
    ...{ path: `pools.${pool}.machine`, isSpot: spec.capacity === "spot" },
  })),
  ...(live === undefined && cluster.aks !== undefined
    ? [
        {
          ...{ pool: "birth", nodes: 1, zones: [], machine: cluster.aks.birthMachine },
          ...{ path: "cluster.aks.birthMachine", isSpot: false },
        },
      ]
    : []),
];

/** A location is the one thing that the list can be asked for. */
export const readComing = async (question: Question): Promise<readonly Coming[]> => {
  const machines = machinesOf(question);
  if (machines.length === 0) return [];
  const region = regionOf(question);
  const skus = await list<Sku>(
    question,
    { action: "Microsoft.Compute/skus/read", on: `machines of ${region}` },
    {
      path: `${subscriptionPath(question)}/providers/Microsoft.Compute/skus`,
      query: `&$filter=${encodeURIComponent(`location eq '${region}'`)}`,
      apiVersion: "2021-07-01",
    },
  );
  return machines.map(one => {
    const sku = skus.find(
      ({ name, resourceType }) =>
        resourceType === "virtualMachines" && name?.toLowerCase() === one.machine.toLowerCase(),
    );
    return sku === undefined ? one : { ...one, sku };
  });
};

export const cpusOf = ({ sku }: Coming): number | undefined => {
  const found = sku?.capabilities?.find(({ name }) => name === "vCPUs")?.value;
  return found === undefined ? undefined : Number(found);
};

const zonesOf = ({ locationInfo = [], restrictions = [] }: Sku): readonly string[] => {
  const closed = restrictions.flatMap(({ type, restrictionInfo }) =>
    type === "Zone" ? (restrictionInfo?.zones ?? []) : [],
  );
  return locationInfo
    .flatMap(({ zones = [] }) => zones)
    .filter(zone => !closed.includes(zone))
    .sort();
};

export const judgeMachines = (coming: readonly Coming[], region: string): Findings => ({
  blockers: coming.flatMap(one => checkOne(one, region)),
  warnings: [],
});

const checkOne = (one: Coming, region: string): readonly Problem[] => {
  const { sku } = one;
  if (sku === undefined) return [notThere(one, region)];
  const refused = sku.restrictions?.find(({ type }) => type === "Location");
  if (refused !== undefined) return [restricted(one, region, refused.reasonCode)];
  const open = zonesOf(sku);
  const missing = one.zones.filter(zone => !open.includes(zone));
  return missing.length === 0 ? [] : [notInZone(one, missing, open)];
};

const notThere = ({ path, machine }: Coming, region: string): Problem => ({
  code: "Aks.MachineUnknown",
  path,
  message: `found "${machine}", which Azure does not have in ${region}`,
  fix: `choose one of \`az vm list-skus --location ${region} --resource-type virtualMachines\``,
  source: SKUS_URL,
});

const restricted = ({ path, machine }: Coming, region: string, reason = "unnamed"): Problem => ({
  code: "Aks.MachineRestricted",
  path,
  message: `found "${machine}", which this subscription may not have in ${region} (${reason})`,
  fix: "choose another machine, or ask Azure's support to open it for the subscription",
  source: SKUS_URL,
});

const notInZone = (
  { path, machine }: Coming,
  missing: readonly string[],
  open: readonly string[],
): Problem => ({
  code: "Aks.MachineNotInZone",
  path,
  message: `found "${machine}", which this subscription can't have in zone ${missing.join(" and ")}`,
  fix:
    open.length === 0
      ? "choose another machine: no zone is open for this one"
      : `choose another machine, or zones that have it: ${open.join(", ")}`,
  source: SKUS_URL,
});
