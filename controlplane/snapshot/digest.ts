import { createHash } from "node:crypto";
import type { KubeClient } from "../../kube";
import type { StoredResource } from "./resources";

/** One resource at one revision, in short. */
export interface Digest {
  readonly count: number;
  readonly hash: string;
}

interface RawPage {
  readonly metadata?: { readonly continue?: string };
  readonly items?: readonly unknown[] | null;
}

const PAGE = 500;
const TIMEOUT_MS = 30_000;

/**
 * Counts and hashes all objects of a resource as they were at exactly `revision`. The hash covers every field as the
 * API gives it; pages come in the order of etcd's keys, which is the same on both sides.
 */
const digestResource = async (
  kube: KubeClient,
  at: { readonly resource: StoredResource; readonly revision: number },
  signal: AbortSignal,
): Promise<Digest> => {
  const { path } = at.resource;
  const hash = createHash("sha256");
  const exactly = { resourceVersion: String(at.revision), resourceVersionMatch: "Exact" };
  let count = 0;
  // The token of a page carries its revision; naming it twice is refused.
  for (let query: object = exactly; ;) {
    const call = {
      method: "GET",
      path,
      query: { limit: PAGE, ...query },
      timeoutMs: TIMEOUT_MS,
      signal,
    } as const;
    const { items, metadata } = await kube.request<RawPage>(call);
    for (const item of items ?? []) hash.update(JSON.stringify(item)).update("\n");
    count += items?.length ?? 0;
    if (!metadata?.continue) return { count, hash: hash.digest("hex") };
    query = { continue: metadata.continue };
  }
};

export type Digests = ReadonlyMap<string, Digest>;

const AT_ONCE = 4;

export const digestAll = async (
  kube: KubeClient,
  at: { readonly resources: readonly StoredResource[]; readonly revision: number },
  signal: AbortSignal,
): Promise<Digests> => {
  const digests = new Map<string, Digest>();
  const queue = [...at.resources];
  const work = async (): Promise<void> => {
    for (let resource = queue.shift(); resource !== undefined; resource = queue.shift())
      digests.set(resource.name, await digestResource(kube, { resource, revision: at.revision }, signal));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return digests;
};
