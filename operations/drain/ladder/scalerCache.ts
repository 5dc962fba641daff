import type { KubeClient } from "../../../kube";
import { listScalers } from "./readTarget";

const FRESH_MS = 10_000;

type Scalers = ReturnType<typeof listScalers>;

/** The autoscalers of a namespace, read again after a while: many Deployments of one namespace are looked at in a row. */
export const rememberScalers = (kube: KubeClient, now: () => number): ((namespace: string) => Scalers) => {
  const known = new Map<string, { readonly at: number; readonly scalers: Scalers }>();
  return namespace => {
    const former = known.get(namespace);
    if (former !== undefined && now() - former.at < FRESH_MS) return former.scalers;
    const scalers = listScalers(kube, namespace);
    known.set(namespace, { at: now(), scalers });
    scalers.catch(() => known.delete(namespace));
    return scalers;
  };
};
