import { createRequire } from "node:module";
import { hearConfig, servePlugin } from "../../plugin/serve";
import { HELM } from "../environment";
import { openHelm } from "./helm";
import { releaseKind } from "./release";

/*
 * A program: stands in for the plugin `pulumi-resource-kubernetes`, for helm.sh/v3 Release and nothing else. Like the
 * real one it is Helm: here the command line in the place of its library.
 */
const { version } = createRequire(__filename)("@pulumi/kubernetes/package.json") as { version: string };

let kubeconfig = "";
hearConfig(config => {
  kubeconfig = typeof config["kubeconfig"] === "string" ? config["kubeconfig"] : "";
});

const helm = openHelm(process.env[HELM] ?? "helm", () => kubeconfig);
const kinds = { "kubernetes:helm.sh/v3:Release": releaseKind(helm) };

servePlugin({ cloud: "Pulumi's Kubernetes provider", version, kinds });
