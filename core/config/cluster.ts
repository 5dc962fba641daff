import { z } from "zod";
import { closed } from "./closed";
import { name } from "./labelText";
import { refuseValue } from "./refusal";
import { versionText } from "./versionText";

export const CLOUDS = ["lab", "eks", "gke", "aks", "kubeadm"] as const;

/** Clouds whose clusters live in a region of theirs. */
const REGIONAL = ["eks", "gke", "aks"] as const;

/** `changeover:cluster`: the control plane and how to reach it. */
export const clusterSchema = closed({
  name: name(40).describe(
    "Name of the cluster, at most 40 lower-case letters, digits and dashes. It is part of every generation's identity.",
  ),
  cloud: z.enum(CLOUDS).describe("Who runs the control plane."),
  version: versionText().describe(
    'Desired version of the control plane: "1.36" or "1.36.4", in quotes. Changing it is the upgrade.',
  ),
  stage: z
    .enum(["emulated", "final"])
    .default("final")
    .describe(
      "emulated: new binaries that still serve the previous minor, so that they can go back. final: the new minor.",
    ),
  region: z.string().min(1).optional().describe("Region of the cluster; needed on eks, gke and aks."),
  project: z.string().min(1).optional().describe("Project (gke) or resource group (aks) the cluster is in."),
  account: z.string().min(1).optional().describe("Account or subscription the cluster is in."),
  kubeconfig: z.string().min(1).optional().describe("Path of a kubeconfig file; needed on kubeadm."),
  context: z.string().min(1).optional().describe("Context in that file; its current one when absent."),
}).superRefine(({ cloud, region, kubeconfig }, context) => {
  if (region === undefined && REGIONAL.some(regional => regional === cloud)) needs(context, "region", cloud);
  if (kubeconfig === undefined && cloud === "kubeadm") needs(context, "kubeconfig", cloud);
});

const needs = (context: z.core.$RefinementCtx, key: string, cloud: string): void =>
  refuseValue(
    context,
    { code: "Config.Missing", message: `missing; cloud "${cloud}" needs it`, fix: `add cluster.${key}` },
    [key],
  );

export type ClusterSpec = Readonly<z.output<typeof clusterSchema>>;
