import { z } from "zod";
import { closed } from "./closed";
import { duration } from "./duration";
import { quote, refuseValue } from "./refusal";
import { shaped } from "./shaped";

/** What GKE would run by itself beside the pools of config: nobody would drain those nodes within their budgets. */
const never = (code: `Gke.${string}`, what: string) =>
  z
    .boolean()
    .default(false)
    .superRefine((found, context) => {
      if (!found) return;
      const message = `found ${quote(found)}; ${what} makes and upgrades nodes by itself, past every budget and gate`;
      refuseValue(context, { code, message, fix: "remove it: pools are node pools of a Standard cluster" });
    });

const moment = () => z.iso.datetime({ offset: true, error: 'needs a moment such as "2026-12-18T00:00:00Z"' });

const exclusion = closed({
  name: z.string().min(1).describe("Its name at GKE."),
  from: moment().describe("First moment in which GKE leaves the cluster alone."),
  to: moment().describe("Last one."),
  scope: z
    .enum(["noUpgrades", "noMinorUpgrades", "noMinorOrNodeUpgrades"])
    .default("noUpgrades")
    .describe(
      "What GKE may not do meanwhile. It limits each scope's length; see its maintenance exclusions.",
    ),
});

/** `cluster.gke`: what GKE needs and nobody else may invent: an identity for nodes, and the network. */
export const gkeSchema = closed({
  serviceAccount: shaped(
    /^[a-z0-9-]{6,30}@[a-z0-9.-]+\.gserviceaccount\.com$/,
    "the address of a service account",
    "gke-nodes@my-project.iam.gserviceaccount.com",
  ).describe(
    "Service account that nodes act as. A change counts for generations made after it; `respin` makes one.",
  ),
  network: z.string().min(1).default("default").describe("VPC network of the cluster."),
  subnetwork: z
    .string()
    .min(1)
    .optional()
    .describe("Subnetwork in the cluster's region; the network's own when absent."),
  podRange: z.string().min(1).optional().describe("Secondary range of the subnetwork that pods get."),
  serviceRange: z.string().min(1).optional().describe("Secondary range that services get."),
  maintenance: closed({
    dailyStart: shaped(/^([01]\d|2[0-3]):[0-5]\d$/, "an hour in UTC", "03:00")
      .default("03:00")
      .describe("When GKE's own daily maintenance may begin, in UTC."),
    exclusions: z
      .array(exclusion)
      .default([])
      .describe("Spans in which GKE may not upgrade by itself: cover window and soak of a run."),
  })
    .prefault({})
    .describe("When GKE may work on the control plane by itself; no release channel is used."),
  soak: duration()
    .optional()
    .describe(
      "How long GKE keeps the way back open while `cluster.stage` is emulated, 6h to 7d, before it completes the upgrade by itself; 7d when absent.",
    ),
  deletionProtection: z
    .boolean()
    .default(true)
    .describe("Whether the provider refuses to delete the cluster, as `pulumi destroy` would."),
  autopilot: never("Gke.Autopilot", "Autopilot").describe("Refused when true: Autopilot has no node pools."),
  autoProvisioning: never("Gke.AutoProvisioning", "node auto-provisioning").describe(
    "Refused when true: GKE would make node pools that are no generation.",
  ),
});

export type GkeSpec = Readonly<z.output<typeof gkeSchema>>;
