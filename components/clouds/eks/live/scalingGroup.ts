import {
  CreateOrUpdateTagsCommand,
  DeleteTagsCommand,
  ResumeProcessesCommand,
  SuspendProcessesCommand,
} from "@aws-sdk/client-auto-scaling";
import type { PoolRef } from "../../../../operations/ports";
import { regionOf } from "./access";
import { ask } from "./call";
import { scalingClient } from "./clients";
import { describePool, type Group } from "./nodeGroup";
import { suspendedIn } from "./prior";

/*
 * What is changed at the Auto Scaling group that stands behind a node group. Neither Pulumi nor Kubernetes looks there:
 * its processes and its own tags show in no plan.
 */

const nameOf = ({ scaling }: Group): string => scaling.AutoScalingGroupName ?? "";

const tagOf = (group: Group, Key: string): { ResourceId: string; ResourceType: string; Key: string } => ({
  ...{ ResourceId: nameOf(group), ResourceType: "auto-scaling-group" },
  Key,
});

/** `undefined` = the group has no such tag. */
export const readTag = ({ scaling: { Tags = [] } }: Group, key: string): string | undefined =>
  Tags.find(({ Key }) => Key === key)?.Value;

export const writeTag = async (
  pool: PoolRef,
  group: Group,
  { key, value }: { readonly key: string; readonly value: string },
): Promise<void> => {
  const tag = { ...tagOf(group, key), Value: value, PropagateAtLaunch: false };
  await ask({ action: "autoscaling:CreateOrUpdateTags", on: describePool(pool) }, () =>
    scalingClient(regionOf(pool.connection)).send(new CreateOrUpdateTagsCommand({ Tags: [tag] })),
  );
};

export const removeTag = async (pool: PoolRef, group: Group, key: string): Promise<void> => {
  await ask({ action: "autoscaling:DeleteTags", on: describePool(pool) }, () =>
    scalingClient(regionOf(pool.connection)).send(new DeleteTagsCommand({ Tags: [tagOf(group, key)] })),
  );
};

/** Those that run already; what is suspended stays so. */
export const suspend = async (pool: PoolRef, group: Group, processes: readonly string[]): Promise<void> => {
  const running = processes.filter(name => !suspendedIn(group.scaling).includes(name));
  if (running.length === 0) return;
  await ask({ action: "autoscaling:SuspendProcesses", on: describePool(pool) }, () =>
    scalingClient(regionOf(pool.connection)).send(
      new SuspendProcessesCommand({ AutoScalingGroupName: nameOf(group), ScalingProcesses: running }),
    ),
  );
};

/** None named = none resumed: to AWS an empty list means all of them. */
export const resume = async (pool: PoolRef, group: Group, processes: readonly string[]): Promise<void> => {
  if (processes.length === 0) return;
  await ask({ action: "autoscaling:ResumeProcesses", on: describePool(pool) }, () =>
    scalingClient(regionOf(pool.connection)).send(
      new ResumeProcessesCommand({
        AutoScalingGroupName: nameOf(group),
        ScalingProcesses: [...processes],
      }),
    ),
  );
};
