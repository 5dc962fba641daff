import { isKubeError, type KubeClient } from "../../kube";
import { eventually } from "./temporaryLabs";

/* Karpenter's API without Karpenter: the definitions, one NodePool with one node, and a class that takes the latest AMI. */

interface Definition {
  readonly group: string;
  readonly kind: string;
  readonly plural: string;
}

const DEFINITIONS: readonly Definition[] = [
  { group: "karpenter.sh", kind: "NodePool", plural: "nodepools" },
  { group: "karpenter.sh", kind: "NodeClaim", plural: "nodeclaims" },
  { group: "karpenter.k8s.aws", kind: "EC2NodeClass", plural: "ec2nodeclasses" },
];

const definition = ({ group, kind, plural }: Definition): object => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${plural}.${group}` },
  spec: {
    group,
    scope: "Cluster",
    names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
    versions: [
      {
        ...{ name: "v1", served: true, storage: true },
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      },
    ],
  },
});

const OBJECTS: Readonly<Record<string, object>> = {
  nodepools: {
    ...{ apiVersion: "karpenter.sh/v1", kind: "NodePool", metadata: { name: "default" } },
    spec: { template: { spec: { nodeClassRef: { name: "default" } } } },
  },
  nodeclaims: {
    ...{ apiVersion: "karpenter.sh/v1", kind: "NodeClaim" },
    metadata: { name: "default-x", labels: { "karpenter.sh/nodepool": "default" } },
    spec: { expireAfter: "720h" },
  },
  ec2nodeclasses: {
    ...{ apiVersion: "karpenter.k8s.aws/v1", kind: "EC2NodeClass", metadata: { name: "default" } },
    spec: { amiSelectorTerms: [{ alias: "al2023@latest" }] },
  },
};

const create = async (kube: KubeClient, path: string, body: object): Promise<void> => {
  try {
    await kube.request({ method: "POST", path, body });
  } catch (error) {
    if (!isKubeError(error, "alreadyExists")) throw error;
  }
};

/** The API of a definition opens a moment after it. */
const served = async (kube: KubeClient, path: string, body: object): Promise<true | undefined> => {
  try {
    await create(kube, path, body);
    return true;
  } catch (error) {
    if (isKubeError(error, "notFound")) return undefined;
    throw error;
  }
};

/** Nothing moves in that cluster: it only reads as one in which Karpenter does. */
export const applyKarpenter = async (kube: KubeClient): Promise<void> => {
  for (const one of DEFINITIONS) {
    await create(kube, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", definition(one));
    const path = `/apis/${one.group}/v1/${one.plural}`;
    await eventually(`the API of ${one.plural}`, () => served(kube, path, OBJECTS[one.plural] ?? {}));
  }
};
