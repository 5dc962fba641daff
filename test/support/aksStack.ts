import { join } from "node:path";
import { type StandInAzure, startStandInAzure } from "../../lab/clouds/azure";
import { standInEnvironment } from "../../lab/clouds/azure/environment";
import { type Config, TestStack } from "./stack";

/** A stack on AKS whose Azure is the stand-in, and the stand-in itself. */
export interface AksStack {
  readonly stack: TestStack;
  readonly azure: StandInAzure;
  readonly close: () => Promise<void>;
}

export const subscription = "00000000-1111-2222-3333-444444444444";
export const group = "changeover-test";

const idIn = (provider: string): string =>
  `/subscriptions/${subscription}/resourceGroups/${group}/providers/${provider}`;

/** The image is not of a version on AKS: one of the day serves every minor. */
export const IMAGE = "AKSUbuntu-2204gen2containerd-202610.20.0";

export const aksCluster = (name: string, version: string): Record<string, unknown> => ({
  ...{ name, version, cloud: "aks", region: "westeurope", project: group, account: subscription },
  aks: {
    identity: idIn("Microsoft.ManagedIdentity/userAssignedIdentities/control-plane"),
    subnet: idIn("Microsoft.Network/virtualNetworks/aks/subnets/nodes"),
    systemPools: ["system"],
    deletionProtection: false,
  },
});

export const aksPool = (size: { readonly min: number; readonly max: number }): Record<string, unknown> => ({
  size,
  machine: "Standard_D4s_v5",
  image: IMAGE,
  zones: ["1", "2"],
});

export const openAksStack = async (name: string, config: Config): Promise<AksStack> => {
  const stack = await TestStack.open(name, config);
  const folder = join(stack.dir, "azure");
  const azure = await startStandInAzure({ folder, subscription, group });
  stack.extra = standInEnvironment(azure, folder, stack.path);
  const close = async (): Promise<void> => {
    await azure.close();
    await stack.close();
  };
  return { stack, azure, close };
};
