import { type Addon, ListAddonsCommand } from "@aws-sdk/client-eks";
import type { ConnectionRecipe } from "../../../../core/config/connection";
import { type ExistingAddOn, present } from "../../../../core/config/existing";
import type { KubeClient } from "../../../../kube";
import { regionOf } from "./access";
import { findAddOn, readHeld } from "./addOns";
import { askFor } from "./call";
import { eksClient } from "./clients";
import { listInstalled } from "./readiness/installed";

const listNames = async (place: ConnectionRecipe): Promise<readonly string[]> => {
  const clusterName = place.name;
  const found: string[] = [];
  let nextToken: string | undefined;
  do {
    const page = await askFor({ action: "eks:ListAddons", on: `cluster ${clusterName}` }, () =>
      eksClient(regionOf(place)).send(new ListAddonsCommand({ clusterName, nextToken })),
    );
    found.push(...(page?.addons ?? []));
    nextToken = page?.nextToken;
  } while (nextToken !== undefined);
  return found;
};

/**
 * Config writes settings as JSON without spaces; another text of the same values would be an update at the import. Left
 * unsaid they stay: the provider takes them as it reads them (terraform-provider-aws, addon.go: "Computed").
 */
export const settingsIn = (text = ""): object | undefined => {
  try {
    const found: unknown = JSON.parse(text);
    const isObject = typeof found === "object" && found !== null && !Array.isArray(found);
    return isObject && JSON.stringify(found) === text ? found : undefined;
  } catch {
    return undefined;
  }
};

const entryOf = ({
  addonVersion = "",
  serviceAccountRoleArn,
  configurationValues,
}: Addon): ExistingAddOn["entry"] => {
  const settings = settingsIn(configurationValues);
  return {
    version: addonVersion,
    ...present("roleArn", serviceAccountRoleArn),
    ...(settings === undefined ? {} : { settings }),
  };
};

/** Every add-on that EKS has in the cluster, and whether a tool has marked it as its own. */
export const readAddOns = async (
  place: ConnectionRecipe,
  kube: KubeClient,
  signal: AbortSignal,
): Promise<readonly ExistingAddOn[]> => {
  const runs = await listInstalled(kube, signal);
  const names = [...(await listNames(place))].sort();
  const found = await Promise.all(names.map(name => findAddOn(place, name)));
  return found.flatMap((addOn, index) => {
    const name = names[index];
    if (addOn === undefined || name === undefined) return [];
    const { ours, keeper } = readHeld(addOn, place.name);
    return [{ name, made: ours, entry: entryOf(addOn), ...present("keeper", keeper ?? runs(name)?.tool) }];
  });
};
