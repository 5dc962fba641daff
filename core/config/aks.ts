import { z } from "zod";
import { closed } from "./closed";
import { name } from "./labelText";
import { refuseValue } from "./refusal";
import { shaped } from "./shaped";

const armId = (type: string, what: string) =>
  shaped(
    new RegExp(`^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/${type.replaceAll(".", "\\.")}$`, "i"),
    what,
    `/subscriptions/…/resourceGroups/…/providers/${type.replaceAll("/[^/]+", "/NAME")}`,
  );

const groupId = () =>
  shaped(
    /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
    "the object id of an Entra group",
    "11111111-2222-3333-4444-555555555555",
  );

const subnet = () => armId("Microsoft.Network/virtualNetworks/[^/]+/subnets/[^/]+", "the id of a subnet");

/** `cluster.aks`: what AKS needs and nobody else may invent: an identity, the network, and which pools are system pools. */
export const aksSchema = closed({
  identity: armId(
    "Microsoft.ManagedIdentity/userAssignedIdentities/[^/]+",
    "the id of a user-assigned identity",
  )
    .optional()
    .describe(
      "Identity that the control plane acts as; it needs Network Contributor on the subnet. Only an adopted cluster may be without.",
    ),
  subnet: subnet()
    .optional()
    .describe(
      "Subnet of the nodes. A change counts for generations made after it; `respin` makes one. Absent, on an adopted cluster alone: the network that AKS made for it.",
    ),
  podSubnet: subnet().optional().describe("Subnet that pods get addresses from; an overlay when absent."),
  systemPools: z
    .array(name(20))
    .default([])
    .describe(
      "Names of the pools whose mode is System; the others are User. AKS needs one at all times, so only an adopted cluster, which has its own, may name none. A change counts for generations made after it.",
    ),
  dnsPrefix: z
    .string()
    .min(1)
    .max(54)
    .optional()
    .describe("First part of the API server's name; the cluster's own name when absent."),
  serviceCidr: z.string().min(1).default("10.0.0.0/16").describe("Range of services."),
  dnsServiceIP: z
    .string()
    .min(1)
    .default("10.0.0.10")
    .describe("Address of the cluster's DNS in that range."),
  adminGroups: z
    .array(groupId())
    .default([])
    .describe("Entra groups that administer the cluster, beside whom Azure roles let in."),
  api: closed({
    private: z.boolean().default(false).describe("Whether the API answers inside the network only."),
    authorizedRanges: z
      .array(z.string().min(1))
      .default([])
      .describe("Who may reach a public API; anybody when empty."),
  })
    .prefault({})
    .describe("Where the cluster's API is reached."),
  tier: z
    .enum(["free", "standard", "premium"])
    .default("standard")
    .describe("Pricing tier of the control plane: uptime guarantee, and what LTS needs."),
  support: z
    .enum(["community", "longTerm"])
    .default("community")
    .describe("longTerm: AKS supports the version for two years; needs tier premium."),
  birthMachine: z
    .string()
    .min(1)
    .default("Standard_D4s_v5")
    .describe(
      "Machine of the one-node pool that AKS needs to make a cluster; it goes once a system pool of config stands.",
    ),
  snapshots: z
    .record(z.string().min(1), armId("Microsoft.ContainerService/snapshots/[^/]+", "the id of a snapshot"))
    .default({})
    .describe(
      "Image → node pool snapshot that holds it. AKS makes nodes of an older image from a snapshot only.",
    ),
  deletionProtection: z
    .boolean()
    .default(true)
    .describe("Whether Pulumi refuses to delete the cluster, as `pulumi destroy` would."),
}).superRefine(({ support, tier }, context) => {
  if (support === "community" || tier === "premium") return;
  const message = `found tier "${tier}" with support "longTerm"; AKS gives long-term support in tier premium only`;
  refuseValue(context, { code: "Aks.LongTermNeedsPremium", message, fix: "set tier: premium" }, ["tier"]);
});

export type AksSpec = Readonly<z.output<typeof aksSchema>>;
