import { collectionPath, KINDS, type KubeClient } from "../../../kube";

export interface Told {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export interface Word {
  /** CamelCase, as `kubectl describe` shows it. */
  readonly reason: string;
  readonly message: string;
  readonly warning: boolean;
  readonly now: number;
}

const LONGEST = 1_000;

/** An Event on an object. Who may not write Events still gets the rest: false says that none was written. */
export const tellEvent = async (kube: KubeClient, about: Told, word: Word): Promise<boolean> => {
  const at = new Date(word.now).toISOString();
  const body = {
    apiVersion: "v1",
    kind: "Event",
    metadata: { namespace: about.namespace, generateName: `${about.name.slice(0, 200)}.` },
    involvedObject: about,
    reason: word.reason,
    message: word.message.slice(0, LONGEST),
    type: word.warning ? "Warning" : "Normal",
    ...{ firstTimestamp: at, lastTimestamp: at, count: 1 },
    source: { component: "changeover" },
    reportingComponent: "changeover",
    reportingInstance: "changeover",
  };
  try {
    await kube.request({ method: "POST", path: collectionPath(KINDS.events, about.namespace), body });
    return true;
  } catch {
    return false;
  }
};
