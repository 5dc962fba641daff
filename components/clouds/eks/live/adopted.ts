import { DescribeNodegroupCommand, ListNodegroupsCommand, type Nodegroup } from "@aws-sdk/client-eks";
import { LABEL } from "../../../../core/identity/names";
import type { ConnectionRecipe } from "../../../../core/config/connection";
import type { PoolRef } from "../../../../operations/ports";
import { nodeGroupName } from "../facts";
import { regionOf } from "./access";
import { askFor } from "./call";
import { eksClient } from "./clients";

/** Found once a process: an adopted node group keeps its name. */
const names = new Map<string, string>();

const keyOf = ({ connection, generation }: PoolRef): string =>
  [regionOf(connection), connection.name, generation].join("/");

/** What EKS calls a generation, as far as it is known here: its own id, or the name it had before it was adopted. */
export const groupNameOf = (pool: PoolRef): string =>
  names.get(keyOf(pool)) ?? nodeGroupName(pool.generation);

/** Names of all node groups of a cluster; `undefined` = there is no such cluster. */
export const listGroupNames = async (
  connection: ConnectionRecipe,
  signal?: AbortSignal,
): Promise<readonly string[] | undefined> => {
  const clusterName = connection.name;
  const options = signal === undefined ? {} : { abortSignal: signal };
  const found: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await askFor({ action: "eks:ListNodegroups", on: `cluster ${clusterName}` }, () =>
      eksClient(regionOf(connection)).send(new ListNodegroupsCommand({ clusterName, nextToken }), options),
    );
    if (page === undefined) return undefined;
    found.push(...(page.nodegroups ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return found;
};

/** Every node group of a cluster; `undefined` = there is no such cluster. */
export const listGroups = async (connection: ConnectionRecipe): Promise<readonly Nodegroup[] | undefined> => {
  const found = await listGroupNames(connection);
  if (found === undefined) return undefined;
  const groups = await Promise.all(found.map(name => describe(connection, name)));
  return groups.flatMap(group => group ?? []);
};

const describe = async (
  connection: ConnectionRecipe,
  nodegroupName: string,
): Promise<Nodegroup | undefined> => {
  const clusterName = connection.name;
  const asked = { action: "eks:DescribeNodegroup", on: `node group ${clusterName}/${nodegroupName}` };
  const send = () =>
    eksClient(regionOf(connection)).send(new DescribeNodegroupCommand({ clusterName, nodegroupName }));
  return (await askFor(asked, send))?.nodegroup;
};

/** An adopted group is known by its label, which `changeover adopt` gives it; EKS changes labels in place. */
export const searchGroup = async (pool: PoolRef): Promise<Nodegroup | undefined> => {
  const groups = (await listGroups(pool.connection)) ?? [];
  const group = groups.find(({ labels }) => labels?.[LABEL.generation] === pool.generation);
  if (group?.nodegroupName !== undefined) names.set(keyOf(pool), group.nodegroupName);
  return group;
};

/** From now on the generation is known by the name that EKS has for it. */
export const rememberName = (pool: PoolRef, name: string): void => void names.set(keyOf(pool), name);
