import { createRequire } from "node:module";
import { servePlugin, type StandInPlugin } from "../../plugin/serve";
import { AUTHORIZATION } from "../token";
import { agentPoolKind } from "./agentPool";
import { openClient } from "./client";
import { clusterKind, userCredentials } from "./managedCluster";

/*
 * A program: stands in for the plugin `pulumi-resource-azure-native`, for the resource types of an AKS stack. It only
 * turns Pulumi's calls into those of Azure Resource Manager, whose stand-in ARM_ENDPOINT points at: the rules are there.
 */
const { version } = createRequire(__filename)("@pulumi/azure-native/package.json") as { version: string };

const openCovered = (): Pick<StandInPlugin, "kinds" | "functions"> => {
  const endpoint = process.env["ARM_ENDPOINT"];
  if (endpoint?.startsWith("http://127.0.0.1:") !== true)
    throw new Error("the stand-in for Azure speaks to a stand-in API on this machine only: set ARM_ENDPOINT");
  const client = openClient({ endpoint, authorization: AUTHORIZATION });
  const subscription = process.env["ARM_SUBSCRIPTION_ID"] ?? "";
  return {
    kinds: {
      "azure-native:containerservice:ManagedCluster": clusterKind(client, subscription),
      "azure-native:containerservice:AgentPool": agentPoolKind(client, subscription),
    },
    functions: {
      "azure-native:containerservice:listManagedClusterUserCredentials": userCredentials(
        client,
        subscription,
      ),
    },
  };
};

servePlugin({ cloud: "Azure", version, ...openCovered() });
