import { collectionPath, KINDS, type KubeClient, listAll } from "../../../../../kube";
import type { InstalledAddOn } from "./addOnProblems";

interface RawWorkload {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: {
    readonly template?: {
      readonly spec?: { readonly containers?: readonly { readonly name: string; readonly image?: string }[] };
    };
  };
}

/**
 * What EKS's add-ons are called in kube-system, and the container whose image says the version; others are looked for
 * under their own name. Source: the manifests of aws/amazon-vpc-cni-k8s and kubernetes-sigs/aws-ebs-csi-driver.
 */
const WORKLOADS: Readonly<Record<string, { readonly name: string; readonly container: string }>> = {
  "vpc-cni": { name: "aws-node", container: "aws-node" },
  "aws-ebs-csi-driver": { name: "ebs-csi-controller", container: "ebs-plugin" },
  "aws-efs-csi-driver": { name: "efs-csi-controller", container: "efs-plugin" },
};

const NAMESPACE = "kube-system";

/** DaemonSets and Deployments of kube-system, by their names. */
export const listInstalled = async (
  kube: KubeClient,
  signal: AbortSignal,
): Promise<(addOn: string) => InstalledAddOn | undefined> => {
  const list = async (kind: "daemonSets" | "deployments", word: string) => {
    const { items } = await listAll<RawWorkload>(kube, collectionPath(KINDS[kind], NAMESPACE), { signal });
    return items.map(raw => [raw.metadata.name, { raw, word }] as const);
  };
  const lists = await Promise.all([list("deployments", "Deployment"), list("daemonSets", "DaemonSet")]);
  const found = new Map(lists.flat());
  return addOn => {
    const { name, container } = WORKLOADS[addOn] ?? { name: addOn, container: addOn };
    const seen = found.get(name);
    return seen === undefined
      ? undefined
      : readInstalled(seen.raw, `${seen.word} ${NAMESPACE}/${name}`, container);
  };
};

/** A registry may have a port, so a tag is what follows the last "/" and a ":"; a digest names no version. */
const TAG = /^(?:.*\/)?[^/:@]+:(v?\d+\.\d+\.\d+[^@]*)/;

const containersOf = ({ spec }: RawWorkload) => spec?.template?.spec?.containers ?? [];

const versionIn = (raw: RawWorkload, container: string): string | undefined => {
  const containers = containersOf(raw);
  const { image = "" } = containers.find(({ name }) => name === container) ?? containers[0] ?? {};
  return TAG.exec(image)?.[1];
};

export const readInstalled = (raw: RawWorkload, workload: string, container: string): InstalledAddOn => {
  const [version, tool] = [versionIn(raw, container), toolOf(raw)];
  const keeper = tool ?? raw.metadata.labels?.["app.kubernetes.io/managed-by"];
  return {
    workload,
    ...(version === undefined ? {} : { version }),
    ...(keeper === undefined ? {} : { keeper }),
    ...(tool === undefined ? {} : { tool }),
  };
};

/** Labels and annotations by which tools mark what they keep. */
const toolOf = ({ metadata: { labels = {}, annotations = {} } }: RawWorkload): string | undefined => {
  const release = annotations["meta.helm.sh/release-name"];
  if (release !== undefined) return `Helm release ${release}`;
  if (annotations["argocd.argoproj.io/tracking-id"] !== undefined) return "Argo CD";
  if (labels["kustomize.toolkit.fluxcd.io/name"] !== undefined) return "Flux";
  return undefined;
};
