import { projectNamespacedMeta, type NamespacedMeta, type RawMeta } from "./meta";

export interface ServiceView extends NamespacedMeta {
  readonly type: string;
  /** Empty for a service whose endpoints somebody else writes. */
  readonly selector: Readonly<Record<string, string>>;
  /** Its load balancer sends to every node, and nodes pass on; "Local" sends only to nodes with pods of it. */
  readonly trafficPolicy: "Cluster" | "Local";
}

interface RawService {
  readonly metadata?: RawMeta;
  readonly spec?: {
    readonly type?: string;
    readonly externalTrafficPolicy?: string;
    readonly selector?: Readonly<Record<string, string>>;
  };
}

export const projectService = (raw: unknown): ServiceView => {
  const { metadata, spec = {} } = raw as RawService;
  return {
    ...projectNamespacedMeta(metadata),
    type: spec.type ?? "ClusterIP",
    selector: spec.selector ?? {},
    trafficPolicy: spec.externalTrafficPolicy === "Local" ? "Local" : "Cluster",
  };
};
