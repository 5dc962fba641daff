import type { ConnectionRecipe } from "../../../core/config/connection";
import { sha256 } from "../../../core/identity/sha256";

/**
 * What is true of AKS whatever the cluster. Skew: learn.microsoft.com/azure/aks/supported-kubernetes-versions ("kubelet
 * may be up to three minors older"). A control plane never goes back; pools do. One operation of a cluster at a time:
 * aka.ms/aks-pending-operation.
 */
export const aksFacts = { kubeletMayTrail: 3, controlPlaneBack: "none", oneOperation: true } as const;

/** The pool that AKS needs to make a cluster. No generation is called so: their names have twelve characters. */
export const BIRTH_POOL = "birth";

const LENGTH = 12;
const READABLE = 3;

/** 36 of them to a character: as much of the hash as fits. */
const shortHash = (text: string, length: number): string =>
  BigInt(`0x${sha256(text)}`)
    .toString(36)
    .padStart(50, "0")
    .slice(-length);

/**
 * At most 12 lower-case letters and digits, a letter first (learn.microsoft.com/rest/api/aks/agent-pools): three of the
 * pool's name, for those who look at AKS, and nine of a hash of the generation's id.
 */
export const agentPoolName = (generation: string): string => {
  const letters = generation.replace(/[^a-z0-9]/g, "").slice(0, READABLE);
  const start = /^[a-z]/.test(letters) ? letters : `p${letters}`.slice(0, READABLE);
  return start + shortHash(generation, LENGTH - start.length);
};

/** Labels and taints with it are AKS's own: learn.microsoft.com/azure/aks/use-labels, "Reserved system labels". */
export const OWN_PREFIX = "kubernetes.azure.com/";

/** Tag of an agent pool: the node image that config names, which AKS itself does not take as an input. */
export const IMAGE_TAG = "changeover-image";

/** The application that AKS's API servers are in every tenant (learn.microsoft.com/azure/aks/kubelogin-authentication). */
export const AKS_SERVER = "6dae42f8-4368-4678-94ff-3960e28e3630";

/** Of a managed cluster, after the endpoint; Azure's id of it, too. */
export const clusterPath = ({ name, project, account }: ConnectionRecipe): string => {
  if (project === undefined || account === undefined)
    throw new Error(`the connection to ${name} names no resource group or subscription`);
  return `/subscriptions/${account}/resourceGroups/${project}/providers/Microsoft.ContainerService/managedClusters/${name}`;
};
