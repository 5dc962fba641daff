import { delimiter, join } from "node:path";
import { placePlugin } from "../placePlugin";
import { ACCESS_TOKEN } from "./token";
import type { StandInGcp } from ".";

/**
 * With this environment Pulumi and the gates meet the stand-in, by the same variables that Google's own provider reads.
 * The token is made up, and credentials of the user's own are not looked for.
 */
export const standInEnvironment = (
  gcp: StandInGcp,
  folder: string,
  path: string,
): Readonly<Record<string, string>> => ({
  PATH: [placePlugin(folder, "gcp", join(__dirname, "plugin", "main")), path].join(delimiter),
  GOOGLE_CONTAINER_CUSTOM_ENDPOINT: `${gcp.endpoint}/v1/`,
  GOOGLE_COMPUTE_CUSTOM_ENDPOINT: `${gcp.endpoint}/compute/v1/`,
  GOOGLE_RESOURCE_MANAGER_CUSTOM_ENDPOINT: `${gcp.endpoint}/v1/`,
  GOOGLE_IAM_CUSTOM_ENDPOINT: `${gcp.endpoint}/v1/`,
  GOOGLE_OAUTH2_CUSTOM_ENDPOINT: `${gcp.endpoint}/`,
  GOOGLE_OAUTH_ACCESS_TOKEN: ACCESS_TOKEN,
  GOOGLE_CREDENTIALS: "",
  GOOGLE_APPLICATION_CREDENTIALS: "",
});
