import type { ConnectionRecipe } from "../../../../core/config/connection";
import { LABEL } from "../../../../core/identity/names";
import type { PoolRef } from "../../../../operations/ports";
import { agentPoolName, clusterPath } from "../facts";
import { askFor } from "./call";
import { send, sendOperation } from "./client";
import type { AksPool } from "./found";

interface Page {
  readonly value?: readonly AksPool[];
  readonly nextLink?: string;
}

/** Found once a process: an adopted pool keeps its name. */
const names = new Map<string, string>();

const keyOf = ({ connection, generation }: PoolRef): string => `${clusterPath(connection)}/${generation}`;

/** What AKS calls a generation, as far as it is known here: a name made of its id, or the one it had before. */
export const poolNameOf = (pool: PoolRef): string => names.get(keyOf(pool)) ?? agentPoolName(pool.generation);

/** From now on the generation is known by the name that AKS has for it. */
export const rememberName = (pool: PoolRef, name: string): void => void names.set(keyOf(pool), name);

/** Every agent pool of a cluster; none where there is no such cluster. */
export const listPools = async (connection: ConnectionRecipe): Promise<readonly AksPool[]> => {
  const path = `${clusterPath(connection)}/agentPools`;
  const asked = {
    action: "Microsoft.ContainerService/managedClusters/agentPools/read",
    on: `cluster ${connection.name}`,
  };
  const found: AksPool[] = [];
  let page = (await askFor(asked, () => send<Page>({ method: "GET", path })))?.body;
  while (page !== undefined) {
    found.push(...(page.value ?? []));
    const { nextLink = "" } = page;
    page = nextLink === "" ? undefined : await askFor(asked, () => sendOperation<Page>(nextLink));
  }
  return found;
};

/** An adopted pool is known by its label, which `changeover adopt` gives it; AKS changes labels in place. */
export const findsAdopted = async (pool: PoolRef): Promise<boolean> => {
  const all = await listPools(pool.connection);
  const adopted = all.find(
    ({ properties }) => properties?.nodeLabels?.[LABEL.generation] === pool.generation,
  );
  if (adopted?.name === undefined) return false;
  rememberName(pool, adopted.name);
  return true;
};
