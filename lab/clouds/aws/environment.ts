import { delimiter, join } from "node:path";
import { placePlugin } from "../placePlugin";
import type { StandInAws } from ".";

/**
 * With this environment Pulumi and AWS's SDKs meet the stand-in. The credentials are made up, and a profile or a role of
 * the user's own is not looked for.
 */
export const standInEnvironment = (
  aws: StandInAws,
  folder: string,
  path: string,
): Readonly<Record<string, string>> => ({
  PATH: [placePlugin(folder, "aws", join(__dirname, "plugin", "main")), path].join(delimiter),
  AWS_ENDPOINT_URL: aws.endpoint,
  AWS_REGION: aws.region,
  AWS_ACCESS_KEY_ID: "STANDIN",
  AWS_SECRET_ACCESS_KEY: "stand-in",
  AWS_SESSION_TOKEN: "",
  AWS_PROFILE: "",
  AWS_CONFIG_FILE: join(folder, "no-config"),
  AWS_SHARED_CREDENTIALS_FILE: join(folder, "no-credentials"),
  AWS_EC2_METADATA_DISABLED: "true",
});
