import { clusterObjectPath, collectionPath, isKubeError, KINDS, objectPath } from "../../../../kube";
import { type Arena, until } from "../arena";

const ofArena = ({ name: arena }: Arena, name: string): string => `${arena}-${name}`;

/** A volume of the arena, as other objects of the cluster name it. */
export const volumeName = ofArena;

const ROOM = { storage: "1Gi" };

const isBound = (raw: unknown): boolean => (raw as { status?: { phase?: string } }).status?.phase === "Bound";

/** A claim that is bound to a volume of its own; the volume is of a kind that no controller of the lab attaches. */
export const putClaim = async (
  arena: Arena,
  name: string,
  mode: "ReadWriteOnce" | "ReadWriteMany" = "ReadWriteOnce",
): Promise<void> => {
  const { kube, name: namespace } = arena;
  const common = { accessModes: [mode], storageClassName: "" };
  await kube.request({
    method: "POST",
    path: collectionPath(KINDS.volumes),
    body: {
      metadata: { name: volumeName(arena, name) },
      spec: { ...common, capacity: ROOM, claimRef: { namespace, name }, nfs: { server: "files", path: "/" } },
    },
  });
  await kube.request({
    method: "POST",
    path: collectionPath(KINDS.claims, namespace),
    body: {
      metadata: { name },
      spec: { ...common, volumeName: volumeName(arena, name), resources: { requests: ROOM } },
    },
  });
  await until(`claim ${namespace}/${name}`, async () =>
    isBound(await kube.request({ method: "GET", path: objectPath(KINDS.claims, { namespace, name }) }))
      ? true
      : undefined,
  );
};

/** A volume that no claim has asked for. */
export const putLooseVolume = (arena: Arena, name: string): Promise<unknown> =>
  arena.kube.request({
    method: "POST",
    path: collectionPath(KINDS.volumes),
    body: {
      metadata: { name: volumeName(arena, name) },
      spec: { accessModes: ["ReadWriteOnce"], capacity: ROOM, nfs: { server: "files", path: "/" } },
    },
  });

/** What a pod's spec needs to mount a claim. */
export const mounting = (claimName: string): { readonly volumes: readonly object[] } => ({
  volumes: [{ name: "data", persistentVolumeClaim: { claimName } }],
});

export interface AttachWish {
  readonly name: string;
  readonly node: string;
  readonly volume: string;
}

/** What the attach controller writes, and an attacher takes away once the volume is off its node. */
export const attach = (arena: Arena, { name, node, volume }: AttachWish): Promise<unknown> =>
  arena.kube.request({
    method: "POST",
    path: collectionPath(KINDS.attachments),
    body: {
      metadata: { name: ofArena(arena, name) },
      spec: {
        attacher: "lab.test",
        nodeName: node,
        source: { persistentVolumeName: volumeName(arena, volume) },
      },
    },
  });

const attachmentPath = (arena: Arena, name: string): string =>
  clusterObjectPath(KINDS.attachments, ofArena(arena, name));

export const detach = (arena: Arena, name: string): Promise<unknown> =>
  arena.kube.request({ method: "DELETE", path: attachmentPath(arena, name) });

export const isAttached = async (arena: Arena, name: string): Promise<boolean> => {
  try {
    await arena.kube.request({ method: "GET", path: attachmentPath(arena, name) });
    return true;
  } catch (error) {
    if (isKubeError(error, "notFound")) return false;
    throw error;
  }
};
