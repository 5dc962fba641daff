import type { AttachmentFact, Change, VolumeFact } from "../../core/drain/facts";
import {
  type AttachmentView,
  collectionPath,
  KINDS,
  type KubeClient,
  projectAttachment,
  type Reflector,
} from "../../kube";
import type { Cached } from "./facts";
import { type OptionalWatch, watchIfAllowed } from "./optionalWatch";

type Volumes = Pick<Reflector<Cached<VolumeFact>>, "find" | "onChange">;

interface Watching {
  readonly onChange: (change: Change) => void;
  readonly attachments: Reflector<AttachmentView>;
  readonly volumes: Volumes;
}

const factOf = (live: Watching, view: AttachmentView): AttachmentFact => {
  const claim = live.volumes.find(view.volume ?? "")?.claim;
  return { uid: view.uid, name: view.name, node: view.node, ...(claim === undefined ? {} : { claim }) };
};

const tell = (live: Watching, view: AttachmentView): void =>
  live.onChange({ type: "set", object: { kind: "attachment", fact: factOf(live, view) } });

const retell = (live: Watching, volume: string): void => {
  for (const view of live.attachments.by("volume", volume)) tell(live, view);
};

/** Tells what hangs on the nodes. Where that may not be read nothing is waited for. */
export const watchAttachments = (
  kube: KubeClient,
  volumes: Volumes,
  { onChange, signal }: { readonly onChange: (change: Change) => void; readonly signal: AbortSignal },
): OptionalWatch<AttachmentView> => {
  const watch = watchIfAllowed(kube, {
    path: collectionPath(KINDS.attachments),
    project: projectAttachment,
    indexes: { volume: ({ volume }) => (volume === undefined ? [] : [volume]) },
    signal,
  });
  const live: Watching = { onChange, attachments: watch.reflector, volumes };
  volumes.onChange(({ object }) => retell(live, object.name));
  live.attachments.onChange(({ kind, object }) => {
    if (kind === "gone") onChange({ type: "gone", kind: "attachment", uid: object.uid });
    else tell(live, object);
  });
  return watch;
};
