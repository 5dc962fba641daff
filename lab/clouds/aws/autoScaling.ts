import { Fault } from "../fault";
import type { AwsContext } from "./context";
import { endInstance, instancesOf, settleGroup } from "./machines";
import { scalingName } from "./nodeGroups";
import { type Form, readList, readObjects, type writeXml } from "./query";
import { notCovered, refuseBy } from "./rules";
import type { GroupRecord } from "./state";
import { permit } from "./world/world";

type Result = Parameters<typeof writeXml>[0];
type Action = (context: AwsContext, form: Form) => Promise<Result>;

const allGroups = ({ state }: AwsContext): readonly GroupRecord[] => Object.values(state.groups);

const byName = (context: AwsContext, name: string | null): GroupRecord => {
  const found = allGroups(context).find(group => scalingName(group) === name);
  if (found !== undefined) return found;
  throw new Fault("ValidationError", `AutoScalingGroup name not found - ${name ?? ""}`);
};

const describeOne = async (group: GroupRecord, signal: AbortSignal): Promise<Result> => {
  const instances = await instancesOf(group, signal);
  const name = scalingName(group);
  return {
    AutoScalingGroupName: name,
    MinSize: group.scaling.minSize,
    MaxSize: group.scaling.maxSize,
    DesiredCapacity: group.scaling.desiredSize,
    Instances: [...instances.keys()].map(InstanceId => ({ InstanceId, LifecycleState: "InService" })),
    SuspendedProcesses: group.suspended.map(ProcessName => ({
      ProcessName,
      SuspensionReason: "User suspended",
    })),
    Tags: Object.entries(group.scalingTags).map(([Key, Value]) => ({
      ...{ Key, Value, ResourceId: name, ResourceType: "auto-scaling-group" },
      PropagateAtLaunch: false,
    })),
  };
};

const describe: Action = async (context, form) => {
  const names = readList(form, "AutoScalingGroupNames");
  const found = allGroups(context).filter(group => names.length === 0 || names.includes(scalingName(group)));
  const { signal } = context.background;
  return { AutoScalingGroups: await Promise.all(found.map(group => describeOne(group, signal))) };
};

const suspend: Action = async (context, form) => {
  const group = byName(context, form.get("AutoScalingGroupName"));
  group.suspended = [...new Set([...group.suspended, ...readList(form, "ScalingProcesses")])].sort();
  context.save();
  await settleGroup(group, context.background.signal);
  return undefined;
};

const resume: Action = async (context, form) => {
  const group = byName(context, form.get("AutoScalingGroupName"));
  const resumed = readList(form, "ScalingProcesses");
  group.suspended = group.suspended.filter(name => resumed.length > 0 && !resumed.includes(name));
  context.save();
  await settleGroup(group, context.background.signal);
  return undefined;
};

const tag: Action = (context, form) => {
  for (const { ResourceId = "", Key = "", Value = "" } of readObjects(form, "Tags"))
    byName(context, ResourceId).scalingTags[Key] = Value;
  context.save();
  return Promise.resolve(undefined);
};

const untag: Action = (context, form) => {
  for (const { ResourceId = "", Key = "" } of readObjects(form, "Tags"))
    Reflect.deleteProperty(byName(context, ResourceId).scalingTags, Key);
  context.save();
  return Promise.resolve(undefined);
};

/** What an autoscaler does: the desired capacity, inside the group's bounds. */
const setDesired: Action = async (context, form) => {
  const group = byName(context, form.get("AutoScalingGroupName"));
  const desired = Number(form.get("DesiredCapacity"));
  if (desired < group.scaling.minSize || desired > group.scaling.maxSize)
    refuseBy("sizesInOrder", "ValidationError", `New SetDesiredCapacity value ${desired} is out of bounds`);
  group.scaling = { ...group.scaling, desiredSize: desired };
  context.save();
  await settleGroup(group, context.background.signal);
  return undefined;
};

const owner = async (
  context: AwsContext,
  id: string,
): Promise<{ readonly group: GroupRecord; readonly node: string }> => {
  for (const group of allGroups(context)) {
    const node = (await instancesOf(group, context.background.signal)).get(id);
    if (node !== undefined) return { group, node };
  }
  throw new Fault(
    "ValidationError",
    `Instance Id not found - No managed instance found for instance ID ${id}`,
  );
};

const terminate: Action = async (context, form) => {
  const { group, node } = await owner(context, form.get("InstanceId") ?? "");
  if (form.get("ShouldDecrementDesiredCapacity") !== "true")
    return notCovered("ending an instance that is replaced");
  const { desiredSize, minSize } = group.scaling;
  if (desiredSize <= minSize)
    refuseBy(
      "minSizeHolds",
      "ValidationError",
      `Currently, desiredSize equals minSize (${minSize}). Terminating instance without replacement will violate group's min size constraint.`,
    );
  group.scaling = { ...group.scaling, desiredSize: desiredSize - 1 };
  context.save();
  await endInstance(group, node, context.background.signal);
  return { Activity: { ActivityId: "stand-in", StatusCode: "InProgress", Progress: 0 } };
};

const ACTIONS: Readonly<Record<string, Action>> = {
  DescribeAutoScalingGroups: describe,
  SuspendProcesses: suspend,
  ResumeProcesses: resume,
  CreateOrUpdateTags: tag,
  DeleteTags: untag,
  SetDesiredCapacity: setDesired,
  TerminateInstanceInAutoScalingGroup: terminate,
};

export const answerScaling = async (
  context: AwsContext,
  form: Form,
): Promise<{ readonly action: string; readonly result: Result }> => {
  const action = form.get("Action") ?? "";
  permit(context.world, `autoscaling:${action}`);
  context.failures.check(action, form.get("AutoScalingGroupName") ?? form.get("InstanceId") ?? "");
  const act = ACTIONS[action] ?? ((): Promise<Result> => notCovered(`autoscaling:${action}`));
  return { action, result: await act(context, form) };
};
