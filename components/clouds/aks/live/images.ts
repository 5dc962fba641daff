import { flavourOf } from "../../../../core/config/aksChecks";
import { LABEL } from "../../../../core/identity/names";
import type { Problem } from "../../../../core/problem";
import { accept, refuse, type Result } from "../../../../core/result";
import type { ImageWanted } from "../../../../operations/ports";
import { clusterPath } from "../facts";
import { listPools } from "./adopted";
import { ask } from "./call";
import { send } from "./client";
import type { AksPool } from "./found";

interface UpgradeProfile {
  readonly properties?: { readonly latestNodeImageVersion?: string };
}

const ACTION = "Microsoft.ContainerService/managedClusters/agentPools/upgradeProfiles/read";

/**
 * AKS names no images: it tells of a pool that is there the newest that it could have
 * (learn.microsoft.com/rest/api/aks/agent-pools/get-upgrade-profile). One of the same system and machine generation
 * answers for all such, whatever its Kubernetes version; a pool made tomorrow may get a newer one.
 */
export const newestImage = async (wanted: ImageWanted): Promise<Result<string>> => {
  const { connection } = wanted;
  const name = chooseAsked(await listPools(connection), wanted)?.name;
  if (name === undefined) return refuse([nobodyToAsk(wanted)]);
  const path = `${clusterPath(connection)}/agentPools/${name}/upgradeProfiles/default`;
  const asked = { action: ACTION, on: `agent pool ${connection.name}/${name}` };
  const { body } = await ask(asked, () => send<UpgradeProfile>({ method: "GET", path }));
  const newest = body.properties?.latestNodeImageVersion;
  return newest === undefined ? refuse([nobodyToAsk(wanted)]) : accept(newest);
};

/** The pool's own machines first; any of the same flavour serves. */
const chooseAsked = (pools: readonly AksPool[], { pool, family }: ImageWanted): AksPool | undefined => {
  const isLike = ({ properties }: AksPool): boolean =>
    family === undefined || flavourOf(properties?.nodeImageVersion ?? "") === family;
  const own = pools.filter(({ properties }) => properties?.nodeLabels?.[LABEL.pool] === pool);
  return own.find(isLike) ?? (family === undefined ? undefined : pools.find(isLike));
};

const nobodyToAsk = ({ pool, family, connection }: ImageWanted): Problem => ({
  code: "Pin.NoPoolToAsk",
  path: `pools.${pool}.image`,
  message: `AKS tells the newest node image of agent pools that are there, and ${connection.name} has none ${family === undefined ? `of "${pool}"` : `with ${family}`}`,
  fix: "take the image from the release notes; `pulumi up` compares it with what AKS makes",
  source: "https://github.com/Azure/AKS/releases",
});
