import { delimiter, join } from "node:path";
import { placePlugin } from "../placePlugin";
import { IDENTITY_HEADER } from "./token";
import type { StandInAzure } from ".";

/**
 * With this environment Pulumi and the gates meet the stand-in: Azure's own library takes a token of a managed identity
 * from it, as on a machine of Azure's. Credentials of the user's own are not looked for.
 */
export const standInEnvironment = (
  azure: StandInAzure,
  folder: string,
  path: string,
): Readonly<Record<string, string>> => ({
  PATH: [placePlugin(folder, "azure-native", join(__dirname, "plugin", "main")), path].join(delimiter),
  ARM_ENDPOINT: azure.endpoint,
  ARM_SUBSCRIPTION_ID: azure.subscription,
  ARM_USE_MSI: "true",
  ARM_ENVIRONMENT: "public",
  ARM_CLIENT_ID: "",
  ARM_CLIENT_SECRET: "",
  IDENTITY_ENDPOINT: azure.identity,
  IDENTITY_HEADER,
});
