import type { Problem } from "../../../../../core/problem";
import { type Findings, allOf, NOTHING } from "../../../shared/live/sideBySide";
import { blocked, warned } from "./findings";
import type { MachineType } from "./machineTypes";
import type { Question } from "./question";
import { type Quota, readQuota, readUsage, type Usage } from "./quotas";
import { type VcpuClass, vcpuClassOf } from "./vcpuClasses";

const QUOTA_URL = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-on-demand-instances.html";

interface Machines {
  readonly machine: string;
  readonly count: number;
  readonly capacity?: "onDemand" | "spot" | undefined;
}

/** Whether the region lets as many vCPUs run as there will be for the time of the move. */
export const checkVcpus = async (question: Question): Promise<Findings> => {
  const { wanted } = question;
  const machines = wanted.toCome.map(({ spec: { machine = "", capacity }, count }) => ({
    ...{ machine, count, capacity },
  }));
  if (machines.length === 0) return NOTHING;
  const { classes, unknown } = sumByClass(machines, await question.machineTypes());
  const verdicts = await Promise.all(
    [...classes].map(async ([kind, need]) => {
      const quota = await readQuota(question, "ec2", kind.code);
      const usage =
        quota?.metric === undefined ? undefined : await readUsage(question, quota.metric, question.now);
      return judgeVcpus(kind, need, { quota, usage });
    }),
  );
  return allOf([...verdicts, ...(unknown.length === 0 ? [] : [warned(noClass(unknown))])]);
};

/** A machine that the region does not have is refused elsewhere. */
export const sumByClass = (
  machines: readonly Machines[],
  types: readonly MachineType[],
): { readonly classes: ReadonlyMap<VcpuClass, number>; readonly unknown: readonly string[] } => {
  const classes = new Map<VcpuClass, number>();
  const unknown = new Set<string>();
  for (const { machine, count, capacity } of machines) {
    const type = types.find(({ name }) => name === machine);
    const kind = vcpuClassOf(machine, capacity);
    if (type === undefined) continue;
    if (kind === undefined) unknown.add(machine);
    else classes.set(kind, (classes.get(kind) ?? 0) + type.vcpus * count);
  }
  return { classes, unknown: [...unknown].sort() };
};

export const judgeVcpus = (
  kind: VcpuClass,
  need: number,
  { quota, usage }: { readonly quota: Quota | undefined; readonly usage: Usage | undefined },
): Findings => {
  if (quota === undefined) return warned(noQuota(kind, need));
  if (need > quota.value) return blocked(tooMany({ kind, need, quota }));
  if (usage === undefined) return warned(notCounted(kind, need, quota));
  return usage.used + need > quota.value ? blocked(tooMany({ kind, need, quota, usage })) : NOTHING;
};

interface Short {
  readonly kind: VcpuClass;
  readonly need: number;
  readonly quota: Quota;
  readonly usage?: Usage;
}

const tooMany = ({ kind, need, quota, usage }: Short): Problem => ({
  code: "Eks.VcpuQuota",
  path: "pools",
  message: `the nodes to come need ${need} vCPUs${usage === undefined ? "" : ` beside the ${usage.used} that run (counted by AWS at ${usage.at})`}; the quota "${kind.name}" of this region is ${quota.value}`,
  fix: `ask for more (\`aws service-quotas request-service-quota-increase --service-code ec2 --quota-code ${kind.code} --desired-value ${(usage?.used ?? 0) + need}\`), or lower strategy.poolSurge`,
  source: QUOTA_URL,
});

const notCounted = (kind: VcpuClass, need: number, { value }: Quota): Problem => ({
  code: "Eks.VcpuUsageUnknown",
  path: "pools",
  message: `the nodes to come need ${need} vCPUs of "${kind.name}", whose quota is ${value}; AWS has no count of what runs`,
  fix: "look at what runs in the region at Service Quotas before you go on",
  source: QUOTA_URL,
});

const noQuota = (kind: VcpuClass, need: number): Problem => ({
  code: "Eks.VcpuQuotaUnknown",
  path: "pools",
  message: `the nodes to come need ${need} vCPUs; Service Quotas does not say what "${kind.name}" allows`,
  fix: "look at EC2's limits of the region before you go on",
  source: QUOTA_URL,
});

const noClass = (machines: readonly string[]): Problem => ({
  code: "Eks.VcpuClassUnknown",
  path: "pools",
  message: `which quota counts ${machines.join(", ")} is not known here, so it was not compared`,
  fix: "look at EC2's limits of the region before you go on",
  source: QUOTA_URL,
});
