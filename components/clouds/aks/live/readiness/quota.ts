import type { Problem } from "../../../../../core/problem";
import type { Findings } from "../../../shared/live/sideBySide";
import { type Coming, cpusOf } from "./machines";
import { list, type Question, regionOf, subscriptionPath } from "./question";

const QUOTAS_URL = "https://learn.microsoft.com/azure/quotas/per-vm-quota-requests";

/** REST type Usage of Microsoft.Compute. */
export interface Usage {
  readonly name?: { readonly value?: string; readonly localizedValue?: string };
  readonly currentValue?: number;
  readonly limit?: number;
}

export const readUsages = (question: Question): Promise<readonly Usage[]> => {
  const region = regionOf(question);
  return list<Usage>(
    question,
    { action: "Microsoft.Compute/locations/usages/read", on: `location ${region}` },
    {
      path: `${subscriptionPath(question)}/providers/Microsoft.Compute/locations/${region}/usages`,
      apiVersion: "2024-07-01",
    },
  );
};

/** All processors of a region together; beside it each family has a limit of its own. */
const ALL = "cores";

/** Spot machines of all families count here alone (learn.microsoft.com/azure/quotas/spot-quota). */
const SPOT = "lowPriorityCores";

interface Need {
  readonly name: string;
  readonly cpus: number;
  readonly text: string;
}

const limitsOf = ({ isSpot, sku }: Coming): readonly string[] => {
  if (isSpot) return [SPOT];
  return sku?.family === undefined ? [ALL] : [ALL, sku.family];
};

const needsOf = (one: Coming): readonly Need[] => {
  const each = cpusOf(one);
  if (each === undefined) return [];
  const cpus = each * one.nodes;
  const text = `${one.pool}: ${one.nodes} × ${one.machine}`;
  return limitsOf(one).map(name => ({ name, cpus, text }));
};

/** Each limit against all machines to come together: what is there now counts already. */
export const judgeQuota = (coming: readonly Coming[], usages: readonly Usage[], region: string): Findings => {
  const needs = coming.flatMap(needsOf);
  const names = [...new Set(needs.map(({ name }) => name))];
  const found = names.map(name => ({
    name,
    usage: usages.find(one => one.name?.value?.toLowerCase() === name.toLowerCase()),
    needs: needs.filter(need => need.name === name),
  }));
  return {
    blockers: found.flatMap(({ usage, ...one }) =>
      usage === undefined ? [] : checkOne({ ...one, usage }, region),
    ),
    warnings: found.filter(({ usage }) => usage === undefined).map(({ name }) => notTold(name, region)),
  };
};

const checkOne = (
  { name, usage, needs }: { readonly name: string; readonly usage: Usage; readonly needs: readonly Need[] },
  region: string,
): readonly Problem[] => {
  const { limit = 0, currentValue = 0 } = usage;
  const cpus = needs.reduce((sum, need) => sum + need.cpus, 0);
  const free = Math.max(0, limit - currentValue);
  if (cpus <= free) return [];
  const parts = needs.map(({ text }) => text).join(", ");
  return [
    {
      code: "Aks.Quota",
      path: "pools",
      message: `quota ${name} in ${region}: ${cpus} more vCPUs are needed at the same time (${parts}), ${free} of ${limit} are free`,
      fix: "raise it (Azure portal, Quotas → Compute), or let fewer machines exist at once by strategy.poolSurge",
      source: QUOTAS_URL,
    },
  ];
};

const notTold = (name: string, region: string): Problem => ({
  code: "Aks.QuotaNotTold",
  path: "pools",
  message: `Azure names no quota ${name} among those of ${region}, so room for machines of it is not known`,
  fix: "look at Quotas → Compute in the Azure portal",
  source: QUOTAS_URL,
});
