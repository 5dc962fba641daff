import { isKubeError, type KubeClient, listAll } from "../../kube";

interface RawRestore {
  readonly metadata: { readonly name: string; readonly creationTimestamp?: string };
  readonly spec?: {
    readonly includedNamespaces?: readonly string[];
    readonly namespaceMapping?: Readonly<Record<string, string>>;
  };
  readonly status?: { readonly phase?: string };
}

const RESTORES = "/apis/velero.io/v1/restores";

/** Phases of a Velero restore after which nothing of it is missing any more. */
const DONE = "Completed";

/**
 * Velero restores into these namespaces that are not over or did not go well, as words; the newest of each namespace
 * counts. Nothing where Velero is not installed: what GitOps brings shows by its objects.
 */
export const openRestores = async (
  kube: KubeClient,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> => {
  const restores = await listRestores(kube, signal);
  const newest = new Set(namespaces.flatMap(namespace => newestInto(restores, namespace)));
  return [...newest]
    .filter(({ status }) => status?.phase !== DONE)
    .map(
      ({ metadata, status }) => `Velero's restore ${metadata.name} to be ${DONE} (${status?.phase ?? "New"})`,
    )
    .sort();
};

const listRestores = async (kube: KubeClient, signal: AbortSignal): Promise<readonly RawRestore[]> => {
  try {
    return (await listAll<RawRestore>(kube, RESTORES, { signal })).items;
  } catch (error) {
    if (isKubeError(error, "notFound")) return [];
    throw error;
  }
};

const newestInto = (restores: readonly RawRestore[], namespace: string): readonly RawRestore[] =>
  restores
    .filter(restore => isInto(restore, namespace))
    .sort((a, b) => bornAt(b).localeCompare(bornAt(a)))
    .slice(0, 1);

const bornAt = ({ metadata }: RawRestore): string => metadata.creationTimestamp ?? "";

/** No list of namespaces, or "*", means all. */
const isInto = ({ spec }: RawRestore, namespace: string): boolean => {
  const { includedNamespaces: from = [], namespaceMapping: renamed = {} } = spec ?? {};
  return from.length === 0 || from.includes("*") || from.some(name => (renamed[name] ?? name) === namespace);
};
