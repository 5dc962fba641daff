import { delimiter, join } from "node:path";
import { ensureTool, type ToolOptions } from "../../../controlplane/tools";
import { placePlugin } from "../placePlugin";

/** Where the plugin finds Helm: a plugin is told nothing but its environment. */
export const HELM = "CHANGEOVER_STAND_IN_HELM";

/** With this environment Pulumi meets the stand-in for its Kubernetes provider; the Helm behind it is installed first. */
export const standInEnvironment = async (
  folder: string,
  path: string,
  options: ToolOptions,
): Promise<Readonly<Record<string, string>>> => {
  const helm = await ensureTool("helm-3.20", options);
  return {
    PATH: [placePlugin(folder, "kubernetes", join(__dirname, "plugin", "main")), path].join(delimiter),
    [HELM]: helm.bin("helm"),
  };
};
