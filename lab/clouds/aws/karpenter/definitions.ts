import { isKubeError, type KubeClient } from "../../../../kube";

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

const ANYTHING = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

/** Names and places are Karpenter's; what may stand in an object is not checked here. */
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
        ...{ name: "v1", served: true, storage: true, subresources: { status: {} } },
        schema: { openAPIV3Schema: { type: "object", properties: { spec: ANYTHING, status: ANYTHING } } },
      },
    ],
  },
});

/** Already there is done: real definitions are left as they are. */
export const applyDefinitions = async (kube: KubeClient): Promise<void> => {
  const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  for (const one of DEFINITIONS)
    try {
      await kube.request({ method: "POST", path, body: definition(one) });
    } catch (error) {
      if (!isKubeError(error, "alreadyExists")) throw error;
    }
};
