import {
  CreateOrUpdateTagsCommand,
  DeleteTagsCommand,
  ResumeProcessesCommand,
  SuspendProcessesCommand,
} from "@aws-sdk/client-auto-scaling";
import { TAINT } from "../../../../core/identity/names";
import type { PoolChange, PoolRef } from "../../../../operations/ports";
import { regionOf } from "./access";
import { ask } from "./call";
import { scalingClient } from "./clients";
import { type Change, changeGroup, describePool, findGroup, type Group } from "./nodeGroup";
import { describePrior, type Prior, PRIOR_TAG, priorOf, REFILLING, suspendedIn } from "./prior";

/** What the group was goes on record first; then nothing refills it; then no autoscaler may want to, up or down. */
export const closePool = async (pool: PoolChange): Promise<void> => {
  const group = await findGroup(pool);
  if (group === undefined) return;
  if (priorOf(group.scaling) === undefined) await recordPrior(pool, group);
  await suspend(pool, group);
  const { DesiredCapacity: desired = 0, MinSize, MaxSize } = group.scaling;
  const bounds = { minSize: desired, maxSize: Math.max(1, desired) };
  if (MinSize === bounds.minSize && MaxSize === bounds.maxSize) return;
  await changeGroup(pool, { scalingConfig: bounds });
};

/** The template first: what opening refills must not be born unproven. The record goes last. */
export const openPool = async (pool: PoolChange): Promise<void> => {
  const group = await findGroup(pool);
  if (group === undefined) return;
  const prior = priorOf(group.scaling);
  const change = { ...liftTaint(group), ...restore(group, prior) };
  if (Object.keys(change).length > 0) await changeGroup(pool, change);
  if (prior === undefined) return;
  await resume(pool, group, prior);
  await forgetPrior(pool, group);
};

const liftTaint = ({ nodeGroup }: Group): Change => {
  const born = nodeGroup.taints?.filter(({ key }) => key === TAINT.unproven.key) ?? [];
  return born.length === 0 ? {} : { taints: { removeTaints: born } };
};

/** Machines given back while it was closed come back only as far as the least size asks for them. */
const restore = ({ scaling }: Group, prior: Prior | undefined): Change => {
  if (prior === undefined) return {};
  const { min, max } = prior;
  const desiredSize = Math.min(max, Math.max(min, scaling.DesiredCapacity ?? 0));
  return { scalingConfig: { minSize: min, maxSize: max, desiredSize } };
};

const nameOf = ({ scaling }: Group): string => scaling.AutoScalingGroupName ?? "";

const recordPrior = async (pool: PoolRef, group: Group): Promise<void> => {
  const { MinSize: min = 0, MaxSize: max = 1 } = group.scaling;
  const Value = describePrior({ min, max, suspended: suspendedIn(group.scaling) });
  const tag = { ...tagOf(group), Value, PropagateAtLaunch: false };
  await ask({ action: "autoscaling:CreateOrUpdateTags", on: describePool(pool) }, () =>
    scalingClient(regionOf(pool.connection)).send(new CreateOrUpdateTagsCommand({ Tags: [tag] })),
  );
};

const forgetPrior = async (pool: PoolRef, group: Group): Promise<void> => {
  await ask({ action: "autoscaling:DeleteTags", on: describePool(pool) }, () =>
    scalingClient(regionOf(pool.connection)).send(new DeleteTagsCommand({ Tags: [tagOf(group)] })),
  );
};

const tagOf = (group: Group): { ResourceId: string; ResourceType: string; Key: string } => ({
  ResourceId: nameOf(group),
  ResourceType: "auto-scaling-group",
  Key: PRIOR_TAG,
});

const suspend = async (pool: PoolRef, group: Group): Promise<void> => {
  const running = REFILLING.filter(name => !suspendedIn(group.scaling).includes(name));
  if (running.length === 0) return;
  await ask({ action: "autoscaling:SuspendProcesses", on: describePool(pool) }, () =>
    scalingClient(regionOf(pool.connection)).send(
      new SuspendProcessesCommand({ AutoScalingGroupName: nameOf(group), ScalingProcesses: running }),
    ),
  );
};

const resume = async (pool: PoolRef, group: Group, prior: Prior): Promise<void> => {
  const ours = REFILLING.filter(name => !prior.suspended.includes(name));
  if (ours.length === 0) return;
  await ask({ action: "autoscaling:ResumeProcesses", on: describePool(pool) }, () =>
    scalingClient(regionOf(pool.connection)).send(
      new ResumeProcessesCommand({ AutoScalingGroupName: nameOf(group), ScalingProcesses: ours }),
    ),
  );
};
