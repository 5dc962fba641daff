import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { ownEntry } from "../../../controlplane/process/ownEntry";
import type { StandInAws } from ".";

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The plugin as the engine looks for it on PATH. */
const placePlugin = (folder: string): string => {
  const bin = join(folder, "bin");
  mkdirSync(bin, { recursive: true });
  const { command, args } = ownEntry(join(__dirname, "plugin", "main"));
  const words = [command, ...args].map(quoted).join(" ");
  const file = join(bin, "pulumi-resource-aws");
  writeFileSync(file, `#!/bin/sh\nexec ${words} "$@"\n`);
  chmodSync(file, 0o755);
  return bin;
};

/**
 * With this environment Pulumi and AWS's SDKs meet the stand-in. The credentials are made up, and a profile or a role of
 * the user's own is not looked for.
 */
export const standInEnvironment = (
  aws: StandInAws,
  folder: string,
  path: string,
): Readonly<Record<string, string>> => ({
  PATH: [placePlugin(folder), path].join(delimiter),
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
