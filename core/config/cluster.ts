import { z } from "zod";
import { parseKubeVersion } from "../version/kubeVersion";
import { adoptClusterSchema } from "./adopt";
import { type AksSpec, aksSchema } from "./aks";
import { closed } from "./closed";
import { checkPatch, eksSchema } from "./eks";
import { gkeSchema, type GkeSpec } from "./gke";
import { checkTwoSteps } from "./gkeStage";
import { checkKubeadm, kubeadmSchema } from "./kubeadm";
import { name } from "./labelText";
import { refuseValue } from "./refusal";
import { versionText } from "./versionText";

export const CLOUDS = ["lab", "eks", "gke", "aks", "kubeadm"] as const;

/** Keys without which a cluster can't be found. */
export const NEEDED_TO_FIND = {
  lab: [],
  eks: ["region"],
  gke: ["region", "project"],
  aks: ["region", "project", "account"],
  kubeadm: ["kubeconfig"],
} as const satisfies Record<(typeof CLOUDS)[number], readonly string[]>;

/** Keys without which a cloud can't be used. */
const NEEDED = {
  lab: NEEDED_TO_FIND.lab,
  eks: [...NEEDED_TO_FIND.eks, "eks"],
  gke: [...NEEDED_TO_FIND.gke, "gke"],
  aks: [...NEEDED_TO_FIND.aks, "aks"],
  kubeadm: [...NEEDED_TO_FIND.kubeadm, "kubeadm"],
} as const satisfies Record<(typeof CLOUDS)[number], readonly string[]>;

/** Clouds whose clusters and pools can be taken over. */
const ADOPTABLE: readonly string[] = ["eks", "gke", "aks", "kubeadm"];

export const isAdoptable = (cloud: string): boolean => ADOPTABLE.includes(cloud);

/** Where a cluster is. */
export const placeShape = {
  region: z.string().min(1).optional().describe("Region of the cluster; needed on eks, gke and aks."),
  project: z
    .string()
    .min(1)
    .optional()
    .describe("Project (gke) or resource group (aks) the cluster is in; needed on both."),
  account: z
    .string()
    .min(1)
    .optional()
    .describe("Account (eks) or subscription (aks, needed there) the cluster is in."),
  kubeconfig: z.string().min(1).optional().describe("Path of a kubeconfig file; needed on kubeadm."),
  context: z.string().min(1).optional().describe("Context in that file; its current one when absent."),
};

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
  ...placeShape,
  adopt: adoptClusterSchema
    .optional()
    .describe("Takes over a control plane that is there; not on the lab. `changeover adopt` writes it."),
  eks: eksSchema.optional().describe("Roles and network of the cluster; needed on eks, and only there."),
  gke: gkeSchema
    .optional()
    .describe("Identity of nodes, network and maintenance; needed on gke, and only there."),
  aks: aksSchema.optional().describe("Identity, network and system pools; needed on aks, and only there."),
  kubeadm: kubeadmSchema
    .optional()
    .describe("Control-plane machines, ssh and packages; needed on kubeadm, and only there."),
}).superRefine((cluster, context) => {
  for (const key of NEEDED[cluster.cloud]) if (cluster[key] === undefined) needs(context, key, cluster.cloud);
  for (const key of OWN)
    if (cluster.cloud !== key && cluster[key] !== undefined) foreign(context, key, cluster.cloud);
  checkAdopt(context, cluster);
  if (isOwn(cluster.cloud)) OWN_CHECKS[cluster.cloud](context, cluster);
});

/** Clouds with a block of their own. */
const OWN = ["eks", "gke", "aks", "kubeadm"] as const;

const isOwn = (cloud: string): cloud is (typeof OWN)[number] => OWN.some(own => own === cloud);

const checkAdopt = (
  context: z.core.$RefinementCtx,
  { adopt, cloud }: { readonly adopt?: object | undefined; readonly cloud: string },
): void => {
  if (adopt !== undefined && !isAdoptable(cloud)) foreign(context, "adopt", cloud);
};

const needs = (context: z.core.$RefinementCtx, key: string, cloud: string): void =>
  refuseValue(
    context,
    { code: "Config.Missing", message: `missing; cloud "${cloud}" needs it`, fix: `add cluster.${key}` },
    key.split("."),
  );

/** EKS runs minors, and its way back is a rollback inside seven days, not an emulated version. */
const checkEks = (
  context: z.core.$RefinementCtx,
  { version, stage }: { readonly version: string; readonly stage: string },
): void => {
  const read = parseKubeVersion(version);
  const problems = read.ok ? checkPatch("cluster.version", read.value) : [];
  for (const problem of problems) refuseValue(context, problem, ["version"]);
  if (stage === "final") return;
  const message = `found "${stage}"; EKS has no control plane that serves the minor before its own`;
  refuseValue(context, { code: "Eks.NoEmulation", message, fix: "remove cluster.stage" }, ["stage"]);
};

const REGION = /^[a-z]+-[a-z]+\d+$/;

interface GkePart {
  readonly region?: string | undefined;
  readonly version: string;
  readonly stage: string;
  readonly gke?: GkeSpec | undefined;
}

const checkGke = (context: z.core.$RefinementCtx, { region, ...staged }: GkePart): void => {
  if (region !== undefined && !REGION.test(region)) {
    const message = `found "${region}"; clusters here are regional, as in europe-west1`;
    refuseValue(context, { code: "Config.Shape", message, fix: "write a region, not a zone" }, ["region"]);
  }
  for (const { path, ...refusal } of checkTwoSteps(staged)) refuseValue(context, refusal, path);
};

const SUBSCRIPTION = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface AksPart {
  readonly account?: string | undefined;
  readonly stage: string;
  readonly adopt?: object | undefined;
  readonly aks?: AksSpec | undefined;
}

/** What a cluster is made with; one that was there before has its own. */
const checkBirth = (context: z.core.$RefinementCtx, aks: AksSpec): void => {
  for (const key of ["identity", "subnet"] as const)
    if (aks[key] === undefined) needs(context, `aks.${key}`, "aks");
  if (aks.systemPools.length === 0) needs(context, "aks.systemPools", "aks");
};

/** AKS upgrades a control plane for good; the way back is that of the pools. */
const checkAks = (context: z.core.$RefinementCtx, { account, stage, adopt, aks }: AksPart): void => {
  if (adopt === undefined && aks !== undefined) checkBirth(context, aks);
  if (account !== undefined && !SUBSCRIPTION.test(account)) {
    const message = `found "${account}"; a subscription is named by its id`;
    refuseValue(context, { code: "Config.Shape", message, fix: "write the subscription's id" }, ["account"]);
  }
  if (stage === "final") return;
  const message = `found "${stage}"; AKS has no control plane that serves the minor before its own`;
  refuseValue(context, { code: "Aks.NoEmulation", message, fix: "remove cluster.stage" }, ["stage"]);
};

/** What a cloud alone asks of a cluster. */
const OWN_CHECKS = { eks: checkEks, gke: checkGke, aks: checkAks, kubeadm: checkKubeadm } as const;

const foreign = (context: z.core.$RefinementCtx, key: string, cloud: string): void =>
  refuseValue(
    context,
    {
      code: "Config.NotAllowed",
      message: `found on cloud "${cloud}", which has no use for it`,
      fix: `remove cluster.${key}`,
    },
    [key],
  );

export type ClusterSpec = Readonly<z.output<typeof clusterSchema>>;
