import { projectMeta, type Meta, type RawMeta } from "./meta";

/** A VolumeAttachment. */
export interface AttachmentView extends Meta {
  readonly node: string;
  /** Name of its PersistentVolume; absent for a volume that a pod's spec describes itself. */
  readonly volume: string | undefined;
}

interface RawAttachment {
  readonly metadata?: RawMeta;
  readonly spec?: {
    readonly nodeName?: string;
    readonly source?: { readonly persistentVolumeName?: string };
  };
}

export const projectAttachment = (raw: unknown): AttachmentView => {
  const { metadata, spec = {} } = raw as RawAttachment;
  return {
    ...projectMeta(metadata),
    node: spec.nodeName ?? "",
    volume: spec.source?.persistentVolumeName,
  };
};
