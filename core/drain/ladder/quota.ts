import { fullName } from "../world";
import { scarcest, type SurgeRoom } from "./surgeRoom";

type Numbers = Readonly<Record<string, number>>;

/** Which pods a quota counts. */
export interface QuotaScope {
  readonly name: string;
  readonly operator: string;
  readonly values: readonly string[];
}

/** A ResourceQuota. Numbers by the quota's own resource names; cores for CPU, bytes for memory. */
export interface QuotaFact {
  readonly namespace: string;
  readonly name: string;
  readonly hard: Numbers;
  readonly used: Numbers;
  /** It counts only pods that all of these mean. */
  readonly scopes: readonly QuotaScope[];
}

/** What one more pod takes from quotas, by their resource names. */
export interface QuotaUse {
  readonly takes: Numbers;
  readonly bestEffort: boolean;
  readonly priorityClass?: string;
  readonly hasAffinity: boolean;
}

type Meant = (use: QuotaUse, scope: QuotaScope) => boolean;

const inClass: Meant = ({ priorityClass }, { operator, values }) => {
  const isListed = priorityClass !== undefined && values.includes(priorityClass);
  if (operator === "In") return isListed;
  if (operator === "NotIn") return !isListed;
  return (operator === "DoesNotExist") === (priorityClass === undefined);
};

/** Pods of Deployments have no deadline. What is not known here is taken to count. */
const MEANT: Readonly<Record<string, Meant>> = {
  Terminating: () => false,
  BestEffort: ({ bestEffort }) => bestEffort,
  NotBestEffort: ({ bestEffort }) => !bestEffort,
  PriorityClass: inClass,
  CrossNamespacePodAffinity: ({ hasAffinity }) => hasAffinity,
};

const counts = ({ scopes }: QuotaFact, use: QuotaUse): boolean =>
  scopes.every(scope => MEANT[scope.name]?.(use, scope) ?? true);

/** Sums of binary fractions miss the decimal by less than this. */
const TOLERANCE = 1e-9;

const roomIn = (quota: QuotaFact, { takes }: QuotaUse, ahead: number): readonly SurgeRoom[] =>
  Object.entries(quota.hard).flatMap(([resource, hard]) => {
    const each = takes[resource] ?? 0;
    if (each <= 0) return [];
    const used = quota.used[resource] ?? 0;
    const pods = Math.max(0, Math.floor((hard - used) / each + TOLERANCE) - ahead);
    const why = `ResourceQuota ${fullName(quota)} allows ${resource} ${hard} and ${used} are used (one more pod takes ${each}): raise it, or delete what is not needed`;
    return [{ pods, code: "QUOTA_EXHAUSTED", why }];
  });

/** How many more such pods the quotas of the namespace let in; `ahead`: pods that are about to come besides. */
export const quotaRoom = (quotas: readonly QuotaFact[], use: QuotaUse, ahead: number): SurgeRoom =>
  scarcest(quotas.filter(quota => counts(quota, use)).flatMap(quota => roomIn(quota, use, ahead)));
