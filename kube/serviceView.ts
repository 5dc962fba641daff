import { projectNamespacedMeta, type NamespacedMeta, type RawMeta } from "./meta";

export interface ServiceView extends NamespacedMeta {
  readonly type: string;
  /** Empty for a service whose endpoints somebody else writes. */
  readonly selector: Readonly<Record<string, string>>;
}

interface RawService {
  readonly metadata?: RawMeta;
  readonly spec?: { readonly type?: string; readonly selector?: Readonly<Record<string, string>> };
}

export const projectService = (raw: unknown): ServiceView => {
  const { metadata, spec = {} } = raw as RawService;
  return {
    ...projectNamespacedMeta(metadata),
    type: spec.type ?? "ClusterIP",
    selector: spec.selector ?? {},
  };
};
