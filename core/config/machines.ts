import { z } from "zod";
import { closed } from "./closed";
import { hosts } from "./hosts";
import { karpenterSchema } from "./karpenter";
import { labelKey, labelValue } from "./labelText";
import { refuseValue } from "./refusal";
import { shaped } from "./shaped";

/** How many nodes a pool has; changing it resizes in place. */
export const sizeSchema = closed({
  min: z.int().min(0).describe("Fewest nodes."),
  max: z
    .int()
    .min(1)
    .describe("Most nodes; a new generation may grow to what the old one holds, up to this."),
}).superRefine(({ min, max }, context) => {
  if (min <= max) return;
  const message = `found min ${min} above max ${max}; min may be at most max`;
  refuseValue(context, { code: "Config.OutOfRange", message, fix: "raise max or lower min" }, ["min"]);
});

const taintSchema = closed({
  key: labelKey(),
  value: labelValue().optional(),
  effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]),
});

/** Settings that can't change under running nodes: with the version, each is part of a generation's identity. */
export const machineShape = {
  machine: z.string().min(1).optional().describe("Machine type in the cloud's own words."),
  image: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Exact release of the node image; needed outside the lab. eks: release of its AMI, 1.36.1-20261105. gke: the node version, 1.36.4-gke.1234000, which says kubelet and image in one; both take TYPE/ before it. aks: the node image version, AKSUbuntu-2204gen2containerd-202610.20.0. kubeadm: version of the kubelet's package, 1.36.4-1.1; what else is on the machine is its owner's.",
    ),
  zones: z
    .array(z.string().min(1))
    .default([])
    .describe("Zones the nodes are spread over; the order has no meaning."),
  labels: z.record(labelKey(), labelValue()).default({}).describe("Labels every node is born with."),
  taints: z.array(taintSchema).default([]).describe("Taints every node is born with."),
  capacity: z
    .enum(["onDemand", "spot"])
    .optional()
    .describe(
      "spot: cheaper machines that the cloud may take back at short notice; on eks, gke and aks. onDemand when absent.",
    ),
  diskGiB: z
    .int()
    .min(10)
    .max(16_384)
    .optional()
    .describe("Size of the disk nodes boot from; the cloud's own when absent. On eks, gke and aks."),
  launchTemplate: shaped(
    /^lt-[0-9a-f]{8,17}\/[1-9]\d*$/,
    "the id of a launch template and its exact version",
    "lt-0a1b2c3d4e5f60718/4",
  )
    .optional()
    .describe(
      "What machine and image don't say: disks, security groups, metadata, user data. On eks. The template itself must name neither image nor machine type.",
    ),
  accelerator: shaped(
    /^[a-z0-9-]+\/[1-9]\d*$/,
    "the type of an accelerator and how many a node has",
    "nvidia-l4/1",
  )
    .optional()
    .describe("GPUs that a machine type does not bring with it; on gke, with its default driver."),
  karpenter: karpenterSchema
    .optional()
    .describe(
      "The Karpenter that runs in the cluster makes the machines, as pods need them; on eks. Each generation is a NodePool and an EC2NodeClass. size.min is the least a new generation is proven with, size.max the most nodes it has.",
    ),
  respin: z
    .string()
    .min(1)
    .optional()
    .describe("Any text; a new one forces a new generation with the same settings."),
  hosts: hosts()
    .optional()
    .describe(
      "Machines of the pool, node name → ssh address (10.0.0.21, or 10.0.0.21:2222); needed on kubeadm, and only there. Other names are another generation; an address may change.",
    ),
};

export type MachineKey = "version" | keyof typeof machineShape;

/** All that a generation's machines are made of, and what forces other ones. */
export const MACHINE_KEYS: readonly MachineKey[] = [
  "version",
  ...(Object.keys(machineShape) as (keyof typeof machineShape)[]),
];
