import type { PlacedPod } from "./places";
import { rememberEach } from "../rememberEach";

/** Pods that ask the same of a node share `body`; pods that look the same to selectors share `face`. */
export interface Likeness {
  readonly body: number;
  readonly face: number;
}

export type Alike = (pod: PlacedPod) => Likeness;

const interner = (): ((text: string) => number) => {
  const numbers = new Map<string, number>();
  return text => {
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, numbers.size);
    return numbers.size - 1;
  };
};

const bodyOf = (pod: PlacedPod): string => {
  const { requests, tolerations, nodeSelector, affinity, topologySpread, hostPorts, volumes } = pod;
  const terms = volumes?.map(volume => volume.terms);
  return JSON.stringify([requests, tolerations, nodeSelector, affinity, topologySpread, hostPorts, terms]);
};

/** Reads each pod once; everything else is then looked up by two small numbers. */
export const compareLikeness = (): Alike => {
  const bodies = interner();
  const faces = interner();
  return rememberEach((pod: PlacedPod): Likeness => ({
    body: bodies(bodyOf(pod)),
    face: faces(JSON.stringify([pod.namespace, pod.labels])),
  }));
};
