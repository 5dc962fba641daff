import type { WorkloadFact } from "../facts";

interface Owned {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Names of field managers. */
  readonly managers: readonly string[];
}

interface Traces {
  readonly tool: NonNullable<WorkloadFact["gitOps"]>;
  readonly keys: readonly string[];
  readonly managers: readonly string[];
}

const TRACES: readonly Traces[] = [
  {
    tool: "Argo CD",
    keys: ["argocd.argoproj.io/tracking-id", "argocd.argoproj.io/instance"],
    managers: ["argocd-controller", "argocd-application-controller"],
  },
  {
    tool: "Flux",
    keys: ["kustomize.toolkit.fluxcd.io/name", "helm.toolkit.fluxcd.io/name"],
    managers: ["kustomize-controller", "helm-controller"],
  },
];

/** Who would set the object's fields back: its tracking labels or annotations, or its field managers, tell. */
export const gitOpsOwner = ({ labels, annotations, managers }: Owned): WorkloadFact["gitOps"] =>
  TRACES.find(
    traces =>
      traces.keys.some(key => key in labels || key in annotations) ||
      traces.managers.some(name => managers.includes(name)),
  )?.tool;
