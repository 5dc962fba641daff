import type { KubeClient } from "../../../../kube";
import type { AwsContext } from "../context";
import { ifThere, type NodeClass, PATH, type Seen } from "./objects";

const FINALIZER = "karpenter.k8s.aws/termination";

/** Of AL2023 and Bottlerocket, with the minor whose kubelet it brings. */
const AMI = /^(?:amazon-eks-node-al2023-[a-z0-9_]+-[a-z]+-|bottlerocket-aws-k8s-)(\d+\.\d+)-/;

/** The minor of the class's image; undefined where there is no such image. */
export const minorOf = ({ spec }: NodeClass): string | undefined =>
  AMI.exec(spec.amiSelectorTerms[0]?.name ?? "")?.[1];

const condition = (type: string, met: boolean, unmet: { reason: string; message: string }): object => ({
  ...{ type, status: met ? "True" : "False" },
  ...(met ? { reason: type, message: "" } : unmet),
  lastTransitionTime: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
});

const NO_IMAGE = { reason: "AMINotFound", message: "AMISelector did not match any AMIs" };

const judge = (found: NodeClass, { world }: AwsContext): readonly object[] => {
  const name = found.spec.amiSelectorTerms[0]?.name ?? "";
  const met = minorOf(found) !== undefined && !world.noImages.has(name);
  const unready = { reason: "UnhealthyDependents", message: "AMIsReady=False" };
  return [condition("AMIsReady", met, NO_IMAGE), condition("Ready", met, unready)];
};

/** Finds what a class names, and lets it go when nothing is made of it any more. */
export const settleClass = async (
  kube: KubeClient,
  found: NodeClass,
  { seen, context }: { readonly seen: Seen; readonly context: AwsContext },
): Promise<void> => {
  const path = `${PATH.classes}/${found.metadata.name}`;
  const { deletionTimestamp, finalizers = [] } = found.metadata;
  if (deletionTimestamp !== undefined) {
    const used = seen.claims.some(({ spec }) => spec.nodeClassRef.name === found.metadata.name);
    if (used) return;
    await ifThere(() => kube.request({ method: "PATCH", path, body: { metadata: { finalizers: null } } }));
    return;
  }
  if (!finalizers.includes(FINALIZER))
    await ifThere(() =>
      kube.request({ method: "PATCH", path, body: { metadata: { finalizers: [FINALIZER] } } }),
    );
  if (found.status?.conditions === undefined)
    await ifThere(() =>
      kube.request({
        ...{ method: "PATCH", path: `${path}/status` },
        body: { status: { conditions: judge(found, context) } },
      }),
    );
};
