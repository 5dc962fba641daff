import type { PoolChange, PoolRef } from "../../../../operations/ports";
import { ask } from "./call";
import { BASE, send } from "./client";
import type { NodePool } from "./nodePool";
import { change, describePool } from "./operation";

/** A managed instance group: a pool's machines in one zone. */
export interface Group {
  /** "projects/p/zones/z". */
  readonly place: string;
  readonly zone: string;
  readonly name: string;
  readonly size: number;
}

const URL_SHAPE = /(projects\/[^/]+\/zones\/([^/]+))\/instanceGroup(?:Manager)?s\/([^/]+)$/;

const MANAGE = "compute.instanceGroupManagers.update";

/** As Compute Engine has them, which an autoscaler may have changed since config was written. */
export const readGroups = (
  pool: PoolRef,
  { instanceGroupUrls = [] }: Pick<NodePool, "instanceGroupUrls">,
): Promise<readonly Group[]> => Promise.all(instanceGroupUrls.map(url => readGroup(pool, url)));

const readGroup = async (pool: PoolRef, url: string): Promise<Group> => {
  const [, place, zone, name] = URL_SHAPE.exec(url) ?? [];
  if (place === undefined || zone === undefined || name === undefined)
    throw new Error(`${describePool(pool)} has a group that can't be read: ${url}`);
  const asked = { permission: "compute.instanceGroupManagers.get", on: describePool(pool) };
  const found = await ask(asked, () =>
    send<{ readonly targetSize?: number }>({ method: "GET", url: groupUrl({ place, name }) }),
  );
  return { place, zone, name, size: found.targetSize ?? 0 };
};

const groupUrl = ({ place, name }: Pick<Group, "place" | "name">): string =>
  `${BASE.compute()}${place}/instanceGroupManagers/${name}`;

const alter = (pool: PoolChange, group: Group, call: { tail: string; body?: object }): Promise<void> =>
  change(pool, {
    permission: MANAGE,
    look: "compute.zoneOperations.get",
    operations: `${BASE.compute()}${group.place}/operations`,
    request: {
      method: "POST",
      url: `${groupUrl(group)}/${call.tail}`,
      ...(call.body === undefined ? {} : { body: call.body }),
    },
  });

export const resizeGroup = (pool: PoolChange, group: Group, size: number): Promise<void> =>
  alter(pool, group, { tail: `resize?size=${String(size)}` });

/** The group counts as many less, so that none is replaced; those that are gone already are passed over. */
export const deleteMachines = (
  pool: PoolChange,
  group: Group,
  instances: readonly string[],
): Promise<void> => {
  const urls = instances.map(name => `zones/${group.zone}/instances/${name}`);
  const body = { instances: urls, skipInstancesOnValidationError: true };
  return alter(pool, group, { tail: "deleteInstances", body });
};
