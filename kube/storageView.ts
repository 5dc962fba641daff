import { projectMeta, projectNamespacedMeta, type Meta, type NamespacedMeta, type RawMeta } from "./meta";

export interface ClaimView extends NamespacedMeta {
  readonly volume: string | undefined;
  readonly storageClass: string | undefined;
  readonly phase: string;
  readonly accessModes: readonly string[];
}

export interface VolumeView extends Meta {
  readonly claim: { readonly namespace: string; readonly name: string } | undefined;
  readonly driver: string | undefined;
  /** Its bytes are on one machine: a pod that uses it cannot leave that machine. */
  readonly local: boolean;
  readonly nodeAffinity: unknown;
}

export interface AttachmentView extends Meta {
  readonly node: string;
  readonly volume: string | undefined;
  readonly attached: boolean;
}

interface RawClaim {
  readonly metadata?: RawMeta;
  readonly spec?: {
    readonly volumeName?: string;
    readonly storageClassName?: string;
    readonly accessModes?: readonly string[];
  };
  readonly status?: { readonly phase?: string };
}

interface RawVolume {
  readonly metadata?: RawMeta;
  readonly spec?: {
    readonly claimRef?: { readonly namespace?: string; readonly name?: string };
    readonly csi?: { readonly driver?: string };
    readonly local?: unknown;
    readonly hostPath?: unknown;
    readonly nodeAffinity?: unknown;
  };
}

interface RawAttachment {
  readonly metadata?: RawMeta;
  readonly spec?: {
    readonly nodeName?: string;
    readonly source?: { readonly persistentVolumeName?: string };
  };
  readonly status?: { readonly attached?: boolean };
}

export const projectClaim = (raw: unknown): ClaimView => {
  const { metadata, spec = {}, status } = raw as RawClaim;
  return {
    ...projectNamespacedMeta(metadata),
    volume: spec.volumeName || undefined,
    storageClass: spec.storageClassName,
    phase: status?.phase ?? "Unknown",
    accessModes: spec.accessModes ?? [],
  };
};

export const projectVolume = (raw: unknown): VolumeView => {
  const { metadata, spec = {} } = raw as RawVolume;
  const { namespace = "", name = "" } = spec.claimRef ?? {};
  return {
    ...projectMeta(metadata),
    claim: spec.claimRef === undefined ? undefined : { namespace, name },
    driver: spec.csi?.driver,
    local: spec.local !== undefined || spec.hostPath !== undefined,
    nodeAffinity: spec.nodeAffinity,
  };
};

export const projectAttachment = (raw: unknown): AttachmentView => {
  const { metadata, spec, status } = raw as RawAttachment;
  return {
    ...projectMeta(metadata),
    node: spec?.nodeName ?? "",
    volume: spec?.source?.persistentVolumeName,
    attached: status?.attached === true,
  };
};
