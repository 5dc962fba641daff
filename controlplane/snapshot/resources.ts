import type { KubeClient } from "../../kube";

/** A kind of object that the API keeps in etcd. */
export interface StoredResource {
  /** As people know it: `deployments.apps`. */
  readonly name: string;
  readonly path: string;
}

interface RawResource {
  readonly name: string;
  readonly verbs?: readonly string[];
  /** Only what is kept in etcd has one. */
  readonly storageVersionHash?: string;
}

interface GroupVersion {
  readonly group: string;
  readonly path: string;
}

interface RawGroups {
  readonly groups?: readonly {
    readonly name: string;
    readonly preferredVersion?: { readonly groupVersion: string };
  }[];
}

interface RawServices {
  readonly items?: readonly {
    readonly spec?: { readonly group?: string; readonly service?: object | null };
  }[];
}

const ask = <T>(kube: KubeClient, path: string, signal: AbortSignal): Promise<T> =>
  kube.request<T>({ method: "GET", path, signal });

/** Groups answered by another server than this one: its data is not in this etcd. */
const readForeignGroups = async (kube: KubeClient, signal: AbortSignal): Promise<ReadonlySet<string>> => {
  const { items = [] } = await ask<RawServices>(kube, "/apis/apiregistration.k8s.io/v1/apiservices", signal);
  const foreign = items.filter(({ spec }) => spec?.service !== undefined && spec.service !== null);
  return new Set(foreign.map(({ spec }) => spec?.group ?? ""));
};

const readGroups = async (kube: KubeClient, signal: AbortSignal): Promise<readonly GroupVersion[]> => {
  const foreign = await readForeignGroups(kube, signal);
  const { groups = [] } = await ask<RawGroups>(kube, "/apis", signal);
  const named = groups.flatMap(({ name, preferredVersion }) =>
    preferredVersion === undefined || foreign.has(name)
      ? []
      : [{ group: name, path: `/apis/${preferredVersion.groupVersion}` }],
  );
  return [{ group: "", path: "/api/v1" }, ...named];
};

const isStored = ({ name, verbs = [], storageVersionHash }: RawResource): boolean =>
  verbs.includes("list") &&
  storageVersionHash !== undefined &&
  storageVersionHash !== "" &&
  !name.includes("/");

/** Every kind of object kept in etcd, custom ones too, each once: two groups may show the same data (events do). */
export const readStoredResources = async (
  kube: KubeClient,
  signal: AbortSignal,
): Promise<readonly StoredResource[]> => {
  const found = new Map<string, StoredResource>();
  for (const { group, path } of await readGroups(kube, signal)) {
    const { resources = [] } = await ask<{ resources?: readonly RawResource[] }>(kube, path, signal);
    for (const resource of resources.filter(isStored)) {
      const name = group === "" ? resource.name : `${resource.name}.${group}`;
      const storage = `${resource.name}/${resource.storageVersionHash ?? ""}`;
      if (!found.has(storage)) found.set(storage, { name, path: `${path}/${resource.name}` });
    }
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
};
