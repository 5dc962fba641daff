import { TerminateInstanceInAutoScalingGroupCommand } from "@aws-sdk/client-auto-scaling";
import { type Problem, ProblemError } from "../../../../core/problem";
import { type KubeClient, openKube, readProviderId } from "../../../../kube";
import type { PoolChange, PoolRef } from "../../../../operations/ports";
import { openAccess, regionOf } from "./access";
import { ask, isNamed } from "./call";
import { scalingClient } from "./clients";
import { changeGroup, describePool, findGroup, mustFind } from "./nodeGroup";
import { priorOf } from "./prior";

/** As the Auto Scaling group has it, which an autoscaler may have changed since config was written. */
export const poolSize = async (pool: PoolRef): Promise<number | "absent"> =>
  (await findGroup(pool))?.scaling.DesiredCapacity ?? "absent";

export const resizePool = async (pool: PoolChange, desired: number): Promise<void> => {
  const { scaling } = await mustFind(pool);
  const now = scaling.DesiredCapacity ?? 0;
  if (now === desired) return;
  if (priorOf(scaling) !== undefined && desired > now)
    throw new ProblemError("the pool is closed", [
      {
        code: "Eks.PoolClosed",
        path: `pools.${pool.pool}`,
        message: `${describePool(pool)} is being left and can't grow from ${now} to ${desired}`,
        fix: "set the pool's version back to open it again",
      },
    ]);
  await changeGroup(pool, { scalingConfig: { desiredSize: desired } });
};

/** Counts as many less first, so that EKS neither refuses nor replaces; then each machine goes by its own id. */
export const releaseNodes = async (pool: PoolChange, nodes: readonly string[]): Promise<void> => {
  const group = await findGroup(pool);
  if (group === undefined || nodes.length === 0) return;
  const instances = await instancesOf(pool, nodes);
  const { DesiredCapacity: desired = 0, MinSize: min = 0 } = group.scaling;
  const least = Math.max(0, desired - instances.length);
  if (min > least) await changeGroup(pool, { scalingConfig: { minSize: least } });
  for (const InstanceId of instances) await terminate(pool, InstanceId);
};

const terminate = async (pool: PoolRef, InstanceId: string): Promise<void> => {
  const asked = { action: "autoscaling:TerminateInstanceInAutoScalingGroup", on: describePool(pool) };
  const command = { InstanceId, ShouldDecrementDesiredCapacity: true };
  try {
    await ask(
      asked,
      () =>
        scalingClient(regionOf(pool.connection)).send(
          new TerminateInstanceInAutoScalingGroupCommand(command),
        ),
      "ValidationError",
    );
  } catch (error) {
    if (!isNamed(error, "ValidationError") || !/not found/i.test(String(error))) throw error;
  }
};

/** "aws:///eu-west-1a/i-0abc…": set by AWS's cloud provider on every node. */
const INSTANCE = /^aws:\/\/\/[^/]*\/(i-[0-9a-z]+)$/;

/** A node that is gone has no machine left to give back. */
const instancesOf = async (pool: PoolRef, nodes: readonly string[]): Promise<readonly string[]> => {
  const access = await openAccess(pool.connection);
  if (access === "absent") return [];
  const kube = await openKube(access);
  try {
    const found = await Promise.all(nodes.map(name => instanceOf(kube, pool, name)));
    return found.flatMap(id => id ?? []);
  } finally {
    await kube.close();
  }
};

const instanceOf = async (kube: KubeClient, pool: PoolRef, name: string): Promise<string | undefined> => {
  const providerId = await readProviderId(kube, name);
  if (providerId === undefined) return undefined;
  const id = INSTANCE.exec(providerId)?.[1];
  if (id === undefined) throw new ProblemError("no machine", [noInstance(pool, name, providerId)]);
  return id;
};

const noInstance = ({ pool }: PoolRef, name: string, found: string): Problem => ({
  code: "Eks.NodeWithoutInstance",
  path: `pools.${pool}`,
  message: `node ${name} has providerID "${found}", which names no EC2 instance`,
  fix: "see why AWS's cloud provider did not initialise it",
});
