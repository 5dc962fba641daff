import { projectNamespacedMeta, type NamespacedMeta, type RawMeta } from "./meta";
import { type RawRequests, sumLimits, sumRequests } from "./podRequests";
import { parseQuantity, type RawResources, type Resources } from "./quantity";

type Numbers = Readonly<Record<string, number>>;

/** A ResourceQuota. Cores for CPU, bytes for memory. */
export interface QuotaView extends NamespacedMeta {
  readonly hard: Numbers;
  readonly used: Numbers;
  readonly scopes: readonly {
    readonly name: string;
    readonly operator: string;
    readonly values: readonly string[];
  }[];
}

interface RawQuota {
  readonly metadata?: RawMeta;
  readonly spec?: {
    readonly scopes?: readonly string[];
    readonly scopeSelector?: {
      readonly matchExpressions?: readonly {
        readonly scopeName?: string;
        readonly operator?: string;
        readonly values?: readonly string[];
      }[];
    };
  };
  readonly status?: { readonly hard?: RawResources; readonly used?: RawResources };
}

/** "3800m" is 3.8, and not the nearest that binary fractions offer. */
const exact = (value: number): number => Number(value.toPrecision(15));

const numbersOf = (raw: RawResources = {}): Numbers =>
  Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, exact(parseQuantity(value) ?? 0)]));

export const projectQuota = (raw: unknown): QuotaView => {
  const { metadata, spec = {}, status = {} } = raw as RawQuota;
  const plain = (spec.scopes ?? []).map(name => ({ name, operator: "Exists", values: [] }));
  const selected = (spec.scopeSelector?.matchExpressions ?? []).map(
    ({ scopeName = "", operator = "Exists", values = [] }) => ({ name: scopeName, operator, values }),
  );
  return {
    ...projectNamespacedMeta(metadata),
    hard: numbersOf(status.hard),
    used: numbersOf(status.used),
    scopes: [...plain, ...selected],
  };
};

/** What a pod takes from quotas, by their resource names. */
export interface QuotaUseView extends NamespacedMeta {
  readonly takes: Numbers;
  readonly bestEffort: boolean;
  readonly priorityClass: string | undefined;
  readonly hasAffinity: boolean;
}

interface RawPod {
  readonly metadata?: RawMeta;
  readonly spec?: RawRequests & { readonly priorityClassName?: string; readonly affinity?: unknown };
}

const named = ({ cpuMillis, memoryBytes, other }: Resources, prefix: string): Numbers =>
  Object.fromEntries(
    Object.entries({ ...other, cpu: cpuMillis / 1000, memory: memoryBytes }).map(([name, amount]) => [
      `${prefix}${name}`,
      amount,
    ]),
  );

const isNothing = ({ cpuMillis, memoryBytes }: Resources): boolean => cpuMillis + memoryBytes === 0;

export const projectQuotaUse = (raw: unknown): QuotaUseView => {
  const { metadata, spec = {} } = raw as RawPod;
  const requests = sumRequests(spec);
  const limits = sumLimits(spec);
  return {
    ...projectNamespacedMeta(metadata),
    takes: {
      ...{ pods: 1, "count/pods": 1 },
      ...named(requests, ""),
      ...named(requests, "requests."),
      ...named(limits, "limits."),
    },
    bestEffort: isNothing(requests) && isNothing(limits),
    priorityClass: spec.priorityClassName,
    hasAffinity: spec.affinity !== undefined,
  };
};
