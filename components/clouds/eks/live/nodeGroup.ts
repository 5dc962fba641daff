import { type AutoScalingGroup, DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import {
  DescribeNodegroupCommand,
  DescribeUpdateCommand,
  type Nodegroup,
  type Update,
  UpdateNodegroupConfigCommand,
  type UpdateNodegroupConfigCommandInput,
} from "@aws-sdk/client-eks";
import { type Problem, ProblemError } from "../../../../core/problem";
import type { PoolChange, PoolRef } from "../../../../operations/ports";
import type { Look } from "../../../../operations/wait";
import { carryThrough } from "../../../../operations/carryThrough";
import { regionOf } from "./access";
import { groupNameOf, searchGroup } from "./adopted";
import { ask, askFor, isNamed } from "./call";
import { eksClient, scalingClient } from "./clients";

/** A node group as EKS has it, with the Auto Scaling group that holds its machines. */
export interface Group {
  readonly nodeGroup: Nodegroup;
  readonly scaling: AutoScalingGroup;
}

export const describePool = ({ connection, generation }: PoolRef): string =>
  `node group ${connection.name}/${generation}`;

const idsOf = (pool: PoolRef): { clusterName: string; nodegroupName: string } => ({
  clusterName: pool.connection.name,
  nodegroupName: groupNameOf(pool),
});

/** Under the generation's own name, else the adopted one that bears its label. */
const describeGroup = async (pool: PoolRef): Promise<Nodegroup | undefined> => {
  const found = await askFor({ action: "eks:DescribeNodegroup", on: describePool(pool) }, () =>
    eksClient(regionOf(pool.connection)).send(new DescribeNodegroupCommand(idsOf(pool))),
  );
  return found?.nodegroup ?? searchGroup(pool);
};

/** `undefined` = EKS knows none, or it is on its way out. */
export const findGroup = async (pool: PoolRef): Promise<Group | undefined> => {
  const nodeGroup = await describeGroup(pool);
  if (nodeGroup === undefined || nodeGroup.status === "DELETING") return undefined;
  return { nodeGroup, scaling: await findScaling(pool, nodeGroup) };
};

const findScaling = async (pool: PoolRef, { resources, status }: Nodegroup): Promise<AutoScalingGroup> => {
  const name = resources?.autoScalingGroups?.[0]?.name;
  if (name === undefined) throw new ProblemError("no machines yet", [unfinished(pool, status)]);
  const { AutoScalingGroups = [] } = await ask(
    { action: "autoscaling:DescribeAutoScalingGroups", on: describePool(pool) },
    () =>
      scalingClient(regionOf(pool.connection)).send(
        new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
      ),
  );
  const group = AutoScalingGroups[0];
  if (group === undefined) throw new ProblemError("no machines yet", [unfinished(pool, status)]);
  return group;
};

const unfinished = (pool: PoolRef, status = "unknown"): Problem => ({
  code: "Eks.NodeGroupUnfinished",
  path: `pools.${pool.pool}`,
  message: `${describePool(pool)} is ${status} and has no Auto Scaling group`,
  fix: "look at its health issues in EKS; `pulumi up` goes on once it is ACTIVE",
});

export const mustFind = async (pool: PoolRef): Promise<Group> => {
  const group = await findGroup(pool);
  if (group !== undefined) return group;
  throw new ProblemError("no node group", [
    {
      code: "Eks.NoNodeGroup",
      path: `pools.${pool.pool}`,
      message: `EKS has no ${describePool(pool)}`,
      fix: "run `pulumi up` again: it makes the node group first",
    },
  ]);
};

export type Change = Pick<UpdateNodegroupConfigCommandInput, "scalingConfig" | "taints" | "labels">;

export const changeGroup = (pool: PoolChange, change: Change): Promise<void> =>
  carryThrough(pool, {
    start: () => startChange(pool, change),
    look: id => lookAtChange(pool, id),
    stuck: (missing, minutes) => stuck(pool, missing, minutes),
  });

const startChange = async (pool: PoolRef, change: Change): Promise<Look<string>> => {
  try {
    const { update } = await ask(
      { action: "eks:UpdateNodegroupConfig", on: describePool(pool) },
      () =>
        eksClient(regionOf(pool.connection)).send(
          new UpdateNodegroupConfigCommand({ ...idsOf(pool), ...change }),
        ),
      "ResourceInUseException",
    );
    return { done: update?.id ?? "" };
  } catch (error) {
    if (!isNamed(error, "ResourceInUseException")) throw error;
    return { missing: `the end of another update of ${describePool(pool)}` };
  }
};

const lookAtChange = async (pool: PoolRef, updateId: string): Promise<Look<true>> => {
  const { clusterName, nodegroupName } = idsOf(pool);
  const { update } = await ask({ action: "eks:DescribeUpdate", on: describePool(pool) }, () =>
    eksClient(regionOf(pool.connection)).send(
      new DescribeUpdateCommand({ name: clusterName, nodegroupName, updateId }),
    ),
  );
  return judgeChange(pool, update ?? {});
};

const judgeChange = (pool: PoolRef, update: Update): Look<true> => {
  const { id = "", status } = update;
  if (status === "Successful") return { done: true };
  if (status === "Failed" || status === "Cancelled")
    throw new ProblemError("the update failed", [failed(pool, update)]);
  return { missing: `update ${id} of ${describePool(pool)}, which is ${status ?? "unknown"}` };
};

const failed = (pool: PoolRef, { errors = [], status }: Update): Problem => {
  const reasons = errors.map(({ errorCode = "", errorMessage = "" }) => `${errorCode}: ${errorMessage}`);
  return {
    code: "Eks.UpdateFailed",
    path: `pools.${pool.pool}`,
    message: `the update of ${describePool(pool)} ended ${status ?? "unknown"}: ${reasons.join("; ")}`,
    fix: "put right what EKS names and run `pulumi up` again",
  };
};

const stuck = (pool: PoolRef, missing: string, minutes: number): Problem => ({
  code: "Eks.UpdateStuck",
  path: `pools.${pool.pool}`,
  message: `after ${minutes} minutes still waiting for ${missing}`,
  fix: "look at the node group's updates and health in EKS; `pulumi up` takes it up again",
});
