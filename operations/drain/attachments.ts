import type { AttachmentFact, Change } from "../../core/drain/facts";
import {
  type AttachmentView,
  collectionPath,
  isKubeError,
  KINDS,
  type KubeClient,
  projectAttachment,
  projectVolume,
  type Reflector,
  startReflector,
  type VolumeView,
} from "../../kube";

export interface AttachmentWatch {
  /** Fulfilled after the first list, or when the server has said that there is none for us to see. */
  readonly synced: Promise<void>;
  readonly stale: () => number;
  readonly problem: Reflector<AttachmentView>["problem"];
}

interface Watching {
  readonly kube: KubeClient;
  readonly signal: AbortSignal;
  readonly onChange: (change: Change) => void;
  readonly attachments: Reflector<AttachmentView>;
  volumes: Reflector<VolumeView> | undefined;
}

const factOf = (live: Watching, view: AttachmentView): AttachmentFact => {
  const claim = live.volumes?.find(view.volume ?? "")?.claim;
  return { uid: view.uid, name: view.name, node: view.node, ...(claim === undefined ? {} : { claim }) };
};

const tell = (live: Watching, view: AttachmentView): void =>
  live.onChange({ type: "set", object: { kind: "attachment", fact: factOf(live, view) } });

const retell = (live: Watching, volume: string): void => {
  for (const view of live.attachments.by("volume", volume)) tell(live, view);
};

/** Volumes are read only where something is attached: most clusters in which nothing is have none. */
const followVolumes = (live: Watching): void => {
  if (live.volumes !== undefined) return;
  live.volumes = startReflector(live.kube, {
    path: collectionPath(KINDS.volumes),
    project: projectVolume,
    signal: live.signal,
  });
  live.volumes.onChange(({ object }) => retell(live, object.name));
};

/** Not allowed to look is no reason to stand still: what hangs on a node is then not waited for. */
const isRefused = (error: unknown): boolean =>
  isKubeError(error, "forbidden") || isKubeError(error, "notFound");

export const watchAttachments = (
  kube: KubeClient,
  { onChange, signal }: Pick<Watching, "onChange" | "signal">,
): AttachmentWatch => {
  const refused = Promise.withResolvers<undefined>();
  let isForbidden = false;
  const attachments = startReflector(kube, {
    path: collectionPath(KINDS.attachments),
    project: projectAttachment,
    indexes: { volume: ({ volume }) => (volume === undefined ? [] : [volume]) },
    onError: error => {
      isForbidden = isRefused(error);
      if (isForbidden) refused.resolve(undefined);
    },
    signal,
  });
  const live: Watching = { kube, signal, onChange, attachments, volumes: undefined };
  attachments.onChange(({ kind, object }) => {
    if (kind === "gone") {
      onChange({ type: "gone", kind: "attachment", uid: object.uid });
      return;
    }
    followVolumes(live);
    tell(live, object);
  });
  return {
    synced: Promise.race([attachments.synced, refused.promise]),
    stale: () => attachments.stale(),
    problem: () => (isForbidden ? undefined : attachments.problem()),
  };
};
