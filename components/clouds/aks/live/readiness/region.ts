import { type Findings, NOTHING } from "../../../shared/live/sideBySide";
import { otherRegion } from "../../../shared/live/regions";
import { look, type Question, regionOf, subscriptionPath } from "./question";

/** Resource Manager's own; its reference: rest/api/resources/providers/get. */
const API_VERSION = "2021-04-01";

interface Provider {
  readonly resourceTypes?: readonly {
    readonly resourceType?: string;
    readonly locations?: readonly string[];
  }[];
}

/** A cluster that is not there is looked for in its resource group, whatever its region: the region is asked for itself. */
export const checkRegion = async (question: Question): Promise<Findings> => {
  const provider = await look<Provider>(
    question,
    { action: "Microsoft.Resources/subscriptions/providers/read", on: "the subscription" },
    { path: `${subscriptionPath(question)}/providers/Microsoft.ContainerService`, apiVersion: API_VERSION },
  );
  const clusters = provider.resourceTypes?.find(({ resourceType }) => resourceType === "managedClusters");
  return judgeRegion(regionOf(question), clusters?.locations ?? []);
};

/** "West Europe" and "westeurope" are one to Azure. */
const nameOf = (region: string): string => region.toLowerCase().replaceAll(" ", "");

export const judgeRegion = (wanted: string, regions: readonly string[]): Findings => {
  const names = regions.map(nameOf);
  if (names.length === 0 || names.includes(nameOf(wanted))) return NOTHING;
  const problem = {
    code: "Aks.RegionUnknown",
    path: "cluster.region",
    message: `found "${wanted}"; AKS is in no such region`,
    fix: otherRegion(wanted, names, "`az provider show --namespace Microsoft.ContainerService`"),
    source: "https://learn.microsoft.com/azure/reliability/regions-list",
  } as const;
  return { blockers: [problem], warnings: [] };
};
