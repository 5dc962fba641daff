import { vmSizeOf } from "./machines";
import type { AzureState, PoolRecord } from "./state";

interface Grant {
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
}

/** Some of those that AKS is in, as Resource Manager writes them. */
export const LOCATIONS: readonly string[] = [
  ...["West Europe", "North Europe", "West US", "West US 2", "East US", "France Central"],
];

/** What belongs to the subscription and not to a cluster; tests set it to what they need. */
export interface Account {
  /** Quota ("cores" or a family) → limit; one that is not named here has room for everything. */
  readonly limits: Record<string, number>;
  /** Role assignments of the one identity, everywhere. */
  grants: readonly Grant[];
  /** Machine → why this subscription may not have it. */
  readonly restricted: Record<string, string>;
  /** Machine → zones that do not have it. */
  readonly notInZone: Record<string, readonly string[]>;
  /** Subnet → addresses that others hold, and how many there are. */
  readonly subnets: Record<string, { readonly used: number; readonly size: number }>;
  podCidr: string;
  /** Minors that are in long-term support only, and those in preview. */
  readonly longTermOnly: Set<string>;
  readonly previews: Set<string>;
  /** Versions that AKS offers no upgrade to, whatever their minor. */
  readonly noUpgradeTo: Set<string>;
}

/** Owner of everything, with room for all that programs here ask for. */
export const openAccount = (): Account => ({
  limits: {},
  grants: [{ actions: ["*"], notActions: [] }],
  restricted: {},
  notInZone: {},
  subnets: {},
  podCidr: "10.244.0.0/16",
  longTermOnly: new Set(),
  previews: new Set(),
  noUpgradeTo: new Set(),
});

const PLENTY = 10_000;
const SUBNET_SIZE = 4_091;
const FAMILY = "standardDSv5Family";

const matches = (pattern: string, action: string): boolean =>
  new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`, "i").test(action);

/** Assignments add up; each takes its own notActions away: learn.microsoft.com/azure/role-based-access-control/role-definitions. */
export const allows = ({ grants }: Account, action: string): boolean =>
  grants.some(
    ({ actions, notActions }) =>
      actions.some(one => matches(one, action)) && !notActions.some(one => matches(one, action)),
  );

const countOf = ({ properties }: PoolRecord): number => properties.count ?? 0;

const cpusOf = ({ pools }: AzureState): number =>
  Object.values(pools).reduce(
    (sum, pool) => sum + countOf(pool) * Number(vmSizeOf(pool.properties.vmSize ?? "")?.cpu ?? 0),
    0,
  );

/** REST type Usage: vCPUs count against cores and their family (azure/quotas/per-vm-quota-requests); all here are of one. */
export const usagesOf = (state: AzureState, { limits }: Account): readonly object[] =>
  ["cores", FAMILY, "lowPriorityCores"].map(value => ({
    ...{ name: { value, localizedValue: value }, unit: "Count" },
    ...{ currentValue: cpusOf(state), limit: limits[value] ?? PLENTY },
  }));

const ZONES = ["1", "2", "3"];

/** REST type ResourceSku. */
export const describeSku = (
  { restricted, notInZone }: Account,
  location: string,
  [name, { cpu }]: readonly [string, { readonly cpu: string }],
): object => {
  const reasonCode = restricted[name];
  const zones = ZONES.filter(zone => !(notInZone[name] ?? []).includes(zone));
  return {
    ...{ name, resourceType: "virtualMachines", family: FAMILY, locations: [location] },
    capabilities: [{ name: "vCPUs", value: cpu }],
    locationInfo: [{ location, zones }],
    restrictions:
      reasonCode === undefined
        ? []
        : [{ type: "Location", values: [location], restrictionInfo: { locations: [location] }, reasonCode }],
  };
};

/** REST type VirtualNetworkUsage of one subnet: nodes of all pools in it, and others. */
export const describeSubnet = ({ pools }: AzureState, { subnets }: Account, id: string): object => {
  const { used = 0, size = SUBNET_SIZE } = subnets[id.split("/").at(-1) ?? ""] ?? {};
  const isHere = ({ properties }: PoolRecord): boolean => properties["vnetSubnetID"] === id;
  const nodes = Object.values(pools)
    .filter(isHere)
    .reduce((sum, pool) => sum + countOf(pool), 0);
  return {
    ...{ id, unit: "Count", limit: size, currentValue: used + nodes },
    name: { value: "SubnetSpace", localizedValue: "Subnet size and usage" },
  };
};
