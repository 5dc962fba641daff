import { setTimeout as pause } from "node:timers/promises";
import { isKubeError, type KubeClient, objectPath, KINDS } from "../../../kube";

/*
 * What an add-on is in the lab: a DaemonSet, a Deployment with its budget, or both, named as the real one's, with the
 * version as image tag. Nothing runs in them; each is marked as a stand-in.
 */
const NAMESPACE = "kube-system";
const REPLICAS = 2;
const MARK = { "changeover.dev/stand-in": "aws" };

interface Parts {
  readonly daemonSet?: string;
  readonly deployment?: string;
  readonly container: string;
}

const PARTS: Readonly<Record<string, Parts>> = {
  "vpc-cni": { daemonSet: "aws-node", container: "aws-node" },
  "kube-proxy": { daemonSet: "kube-proxy", container: "kube-proxy" },
  "eks-pod-identity-agent": { daemonSet: "eks-pod-identity-agent", container: "eks-pod-identity-agent" },
  coredns: { deployment: "coredns", container: "coredns" },
  "aws-ebs-csi-driver": {
    daemonSet: "ebs-csi-node",
    deployment: "ebs-csi-controller",
    container: "ebs-plugin",
  },
};

const partsOf = (name: string): Parts => PARTS[name] ?? { deployment: name, container: name };

type Kind = "daemonSets" | "deployments" | "budgets";

interface Piece {
  readonly kind: Kind;
  readonly name: string;
  readonly body: object;
}

interface Template {
  readonly container: string;
  readonly version: string;
  readonly labels: object;
}

const template = ({ container, version, labels }: Template, tolerations: readonly object[]): object => ({
  metadata: { labels },
  spec: { tolerations, containers: [{ name: container, image: `stand-in/${container}:${version}` }] },
});

const daemonSet = (name: string, parts: Parts, version: string): Piece => {
  const labels = { "k8s-app": name };
  // The real ones tolerate everything: a node without them is not Ready.
  const spec = {
    selector: { matchLabels: labels },
    template: template({ ...parts, version, labels }, [{ operator: "Exists" }]),
  };
  return {
    kind: "daemonSets",
    name,
    body: { apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name, labels: MARK }, spec },
  };
};

const deployment = (name: string, parts: Parts, version: string): readonly Piece[] => {
  const labels = { "k8s-app": name };
  const selector = { matchLabels: labels };
  const metadata = { name, labels: MARK };
  const spec = { replicas: REPLICAS, selector, template: template({ ...parts, version, labels }, []) };
  const budget = {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata,
    spec: { maxUnavailable: 1, selector },
  };
  return [
    { kind: "deployments", name, body: { apiVersion: "apps/v1", kind: "Deployment", metadata, spec } },
    { kind: "budgets", name, body: budget },
  ];
};

const piecesOf = (addOn: string, version: string): readonly Piece[] => {
  const parts = partsOf(addOn);
  return [
    ...(parts.daemonSet === undefined ? [] : [daemonSet(parts.daemonSet, parts, version)]),
    ...(parts.deployment === undefined ? [] : deployment(parts.deployment, parts, version)),
  ];
};

const pathOf = ({ kind, name }: Piece): string => objectPath(KINDS[kind], { namespace: NAMESPACE, name });

/** Server-side apply as EKS does it: without `force` the API server itself refuses fields that others own. */
export const applyAddOn = async (
  kube: KubeClient,
  { name, version }: { readonly name: string; readonly version: string },
  force: boolean,
): Promise<void> => {
  const query = { fieldManager: "eks", force };
  for (const piece of piecesOf(name, version))
    await kube.request({ method: "PATCH", patch: "apply", path: pathOf(piece), query, body: piece.body });
};

export const removeAddOn = async (kube: KubeClient, name: string): Promise<void> => {
  for (const piece of piecesOf(name, ""))
    await kube
      .request({ method: "DELETE", path: pathOf(piece), repeatable: true })
      .catch((error: unknown) => {
        if (!isKubeError(error, "notFound")) throw error;
      });
};

interface RawStatus {
  readonly metadata: { readonly generation: number };
  readonly status?: Readonly<Record<string, number>>;
}

/** Updated and running as many as are wanted, by the controllers' own count. */
const isRolledOut = ({ kind }: Piece, { metadata, status = {} }: RawStatus): boolean => {
  const count = (key: string): number => status[key] ?? 0;
  if (count("observedGeneration") < metadata.generation) return false;
  if (kind === "deployments")
    return (
      count("updatedReplicas") >= REPLICAS &&
      count("availableReplicas") >= REPLICAS &&
      count("replicas") === REPLICAS
    );
  const wanted = count("desiredNumberScheduled");
  return count("updatedNumberScheduled") >= wanted && count("numberReady") >= wanted;
};

const POLL_MS = 200;

/** Ends when all of it runs; `short` hears each time that it does not. */
export const awaitRollout = async (
  kube: KubeClient,
  addOn: { readonly name: string; readonly version: string },
  { signal, short }: { readonly signal: AbortSignal; readonly short: () => void },
): Promise<void> => {
  const pieces = piecesOf(addOn.name, addOn.version).filter(({ kind }) => kind !== "budgets");
  for (;;) {
    const seen = await Promise.all(
      pieces.map(async piece =>
        isRolledOut(piece, await kube.request<RawStatus>({ method: "GET", path: pathOf(piece), signal })),
      ),
    );
    if (seen.every(Boolean)) return;
    short();
    await pause(POLL_MS, undefined, { signal });
  }
};
