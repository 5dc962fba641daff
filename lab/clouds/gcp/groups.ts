import { type GcpContext, runOperation } from "./context";
import { endInstances, settlePool } from "./machines";
import { groupName } from "./nodePools";
import { notFound } from "./rules";
import type { OperationRecord, PoolRecord } from "./state";

interface Place {
  readonly zone: string;
  readonly group: string;
}

const mustGroup = ({ state }: GcpContext, { zone, group }: Place): PoolRecord =>
  Object.values(state.pools).find(pool => pool.locations.includes(zone) && groupName(pool, zone) === group) ??
  notFound(`instanceGroupManagers/${group} in ${zone}`);

export const describeGroup = (context: GcpContext, place: Place): object => ({
  name: place.group,
  zone: place.zone,
  targetSize: mustGroup(context, place).sizes[place.zone] ?? 0,
});

/** What GKE's autoscaler does, too: the group's target size. */
export const resizeGroup = (context: GcpContext, place: Place, size: number): OperationRecord => {
  const pool = mustGroup(context, place);
  return runOperation(context, {
    type: "resize",
    work: async signal => {
      pool.sizes[place.zone] = size;
      await settlePool(pool, signal);
    },
  });
};

export const deleteInstances = (
  context: GcpContext,
  place: Place,
  { instances }: { readonly instances: readonly string[] },
): OperationRecord => {
  const pool = mustGroup(context, place);
  const names = instances.map(url => url.split("/").at(-1) ?? "");
  return runOperation(context, {
    type: "deleteInstances",
    work: async signal => {
      const ended = await endInstances(pool, names, signal);
      pool.sizes[place.zone] = Math.max(0, (pool.sizes[place.zone] ?? 0) - ended);
    },
  });
};
