import { isKubeError, type KubeClient } from "../../kube";
import { applyDefinitions } from "../../lab/clouds/aws/karpenter/definitions";
import { eventually } from "./temporaryLabs";

/* Karpenter's API without Karpenter: the definitions, one NodePool with one node, and a class that takes the latest AMI. */

/** By the path of their collection, below /apis/. */
const OBJECTS: Readonly<Record<string, object>> = {
  "karpenter.sh/v1/nodepools": {
    ...{ apiVersion: "karpenter.sh/v1", kind: "NodePool", metadata: { name: "default" } },
    spec: { template: { spec: { nodeClassRef: { name: "default" } } } },
  },
  "karpenter.sh/v1/nodeclaims": {
    ...{ apiVersion: "karpenter.sh/v1", kind: "NodeClaim" },
    metadata: { name: "default-x", labels: { "karpenter.sh/nodepool": "default" } },
    spec: { expireAfter: "720h" },
  },
  "karpenter.k8s.aws/v1/ec2nodeclasses": {
    ...{ apiVersion: "karpenter.k8s.aws/v1", kind: "EC2NodeClass", metadata: { name: "default" } },
    spec: { amiSelectorTerms: [{ alias: "al2023@latest" }] },
  },
};

/** The API of a definition opens a moment after it. */
const served = async (kube: KubeClient, path: string, body: object): Promise<true | undefined> => {
  try {
    await kube.request({ method: "POST", path: `/apis/${path}`, body });
    return true;
  } catch (error) {
    if (isKubeError(error, "alreadyExists")) return true;
    if (isKubeError(error, "notFound")) return undefined;
    throw error;
  }
};

/** Nothing moves in that cluster: it only reads as one in which Karpenter does. */
export const applyKarpenter = async (kube: KubeClient): Promise<void> => {
  await applyDefinitions(kube);
  for (const [path, body] of Object.entries(OBJECTS))
    await eventually(`the API of ${path}`, () => served(kube, path, body));
};
