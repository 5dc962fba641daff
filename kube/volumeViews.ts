import type { LabelExpression } from "../core/drain/labels";
import { projectMeta, type Meta, type RawMeta } from "./meta";

export interface VolumeTerm {
  readonly matchExpressions?: readonly LabelExpression[];
  readonly matchFields?: readonly LabelExpression[];
}

/** A PersistentVolume. */
export interface VolumeView extends Meta {
  /** `namespace/name` of the claim that it is bound to; absent when it is bound to none. */
  readonly claim: string | undefined;
  /** Where it can be attached; absent = anywhere. */
  readonly terms: readonly VolumeTerm[] | undefined;
  /** The CSI driver that serves it, also where its spec still says so in the form from before CSI. */
  readonly driver: string | undefined;
  /** What the driver calls it: two volumes of one handle are the same one. */
  readonly handle: string | undefined;
  /** True when its data lies on one node's own disk. */
  readonly local: boolean;
  /** True when only one node at a time can hold it. */
  readonly exclusive: boolean;
}

/** How many volumes of each driver a node can hold. */
export interface CsiNodeView extends Meta {
  /** Drivers that run there. */
  readonly drivers: readonly string[];
  /** Of those that name a limit: any other one that runs there takes any number. */
  readonly limits: Readonly<Record<string, number>>;
}

interface RawVolume {
  readonly metadata?: RawMeta;
  readonly spec?: {
    readonly accessModes?: readonly string[];
    readonly claimRef?: { readonly namespace?: string; readonly name?: string };
    readonly csi?: { readonly driver?: string; readonly volumeHandle?: string };
    readonly local?: unknown;
    readonly hostPath?: unknown;
    readonly nodeAffinity?: { readonly required?: { readonly nodeSelectorTerms?: readonly VolumeTerm[] } };
  };
  readonly status?: { readonly phase?: string };
}

const HOST = "kubernetes.io/hostname";

const isPinned = (terms: readonly VolumeTerm[] | undefined): boolean =>
  terms !== undefined &&
  terms.length > 0 &&
  terms.every(({ matchExpressions = [] }) =>
    matchExpressions.some(({ key, values = [] }) => key === HOST && values.length === 1),
  );

const SHARED_MODES: ReadonlySet<string> = new Set(["ReadWriteMany", "ReadOnlyMany"]);

type RawSpec = NonNullable<RawVolume["spec"]>;

/** Who serves volumes in the form from before CSI: k8s.io/csi-translation-lib, plugins. */
const MIGRATED: Readonly<Record<string, string>> = {
  awsElasticBlockStore: "ebs.csi.aws.com",
  gcePersistentDisk: "pd.csi.storage.gke.io",
  azureDisk: "disk.csi.azure.com",
  azureFile: "file.csi.azure.com",
  cinder: "cinder.csi.openstack.org",
  vsphereVolume: "csi.vsphere.vmware.com",
  portworxVolume: "pxd.portworx.com",
};

const driverOf = (spec: RawSpec): string | undefined =>
  spec.csi?.driver ?? Object.entries(MIGRATED).find(([form]) => form in spec)?.[1];

/** One that was released still names the claim that it had. */
const claimOf = ({ claimRef }: RawSpec, phase: string | undefined): string | undefined =>
  phase === "Bound" && claimRef?.name !== undefined
    ? `${claimRef.namespace ?? ""}/${claimRef.name}`
    : undefined;

const projectSpec = (spec: RawSpec): Omit<VolumeView, keyof Meta | "claim"> => {
  const terms = spec.nodeAffinity?.required?.nodeSelectorTerms;
  return {
    terms,
    driver: driverOf(spec),
    handle: spec.csi?.volumeHandle,
    local: Boolean(spec.local) || Boolean(spec.hostPath) || isPinned(terms),
    exclusive: !(spec.accessModes ?? []).some(mode => SHARED_MODES.has(mode)),
  };
};

export const projectVolume = (raw: unknown): VolumeView => {
  const { metadata, spec = {}, status } = raw as RawVolume;
  return { ...projectMeta(metadata), ...projectSpec(spec), claim: claimOf(spec, status?.phase) };
};

interface RawCsiNode {
  readonly metadata?: RawMeta;
  readonly spec?: {
    readonly drivers?: readonly {
      readonly name?: string;
      readonly allocatable?: { readonly count?: number };
    }[];
  };
}

export const projectCsiNode = (raw: unknown): CsiNodeView => {
  const { metadata, spec } = raw as RawCsiNode;
  const limits = (spec?.drivers ?? []).flatMap(({ name, allocatable }) =>
    name === undefined || allocatable?.count === undefined ? [] : [[name, allocatable.count] as const],
  );
  const drivers = (spec?.drivers ?? []).flatMap(({ name }) => name ?? []);
  return { ...projectMeta(metadata), drivers, limits: Object.fromEntries(limits) };
};
