import type { KubeClient } from "./client";
import { isKubeError } from "./kubeError";
import { collectionPath, KINDS, namespacePath } from "./paths";

/** Makes the namespace unless it is there. */
export const ensureNamespace = async (
  kube: KubeClient,
  name: string,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<void> => {
  try {
    await kube.request({ method: "GET", path: namespacePath(name), signal });
    return;
  } catch (error) {
    if (!isKubeError(error, "notFound")) throw error;
  }
  const body = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
  try {
    // A namespace made twice is there once: the second answer says so.
    await kube.request({
      method: "POST",
      path: collectionPath(KINDS.namespaces),
      body,
      signal,
      repeatable: true,
    });
  } catch (error) {
    if (!isKubeError(error, "alreadyExists")) throw error;
  }
};
