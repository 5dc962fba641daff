import { type KubeClient, listAll } from "../../../../../kube";

interface Deployment {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec?: {
    readonly template?: { readonly spec?: { readonly containers?: readonly { readonly image?: string }[] } };
  };
}

/** By the labels of its chart: github.com/aws/karpenter-provider-aws, charts/karpenter/templates/_helpers.tpl. */
const SELECTOR = "app.kubernetes.io/name=karpenter";

const tagOf = (image = ""): string | undefined => /:v?(\d+\.\d+\.\d+[^@]*)/.exec(image)?.[1];

/** The release of the Karpenter that is deployed; undefined where no Deployment tells. The newest counts where two do. */
export const karpenterRelease = async (
  kube: KubeClient,
  signal: AbortSignal,
): Promise<string | undefined> => {
  const query = { labelSelector: SELECTOR };
  const { items } = await listAll<Deployment>(kube, "/apis/apps/v1/deployments", { query, signal });
  const releases = items.flatMap(({ metadata, spec }) => {
    const images = (spec?.template?.spec?.containers ?? []).map(({ image }) => tagOf(image));
    return images.find(tag => tag !== undefined) ?? metadata.labels?.["app.kubernetes.io/version"] ?? [];
  });
  return releases.sort((a, b) => a.localeCompare(b, undefined, { numeric: true })).at(-1);
};
