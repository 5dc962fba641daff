import { delimiter, join } from "node:path";
import { placePlugin } from "../placePlugin";
import type { StandInMachines } from ".";

/** With this environment Pulumi meets the stand-in plugin, and ssh clients the stand-in's agent: no key of the user's own. */
export const standInEnvironment = (
  { agent }: StandInMachines,
  folder: string,
  path: string,
): Readonly<Record<string, string>> => ({
  PATH: [placePlugin(folder, "command", join(__dirname, "plugin", "main")), path].join(delimiter),
  SSH_AUTH_SOCK: agent,
});
