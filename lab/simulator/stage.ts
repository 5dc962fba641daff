/** One rule of the simulator, as kwok reads it: when it applies, how long it waits, what it then writes. */
export interface Stage {
  readonly apiVersion: "kwok.x-k8s.io/v1alpha1";
  readonly kind: "Stage";
  readonly metadata: { readonly name: string };
  readonly spec: object;
}

export interface StagePlan {
  readonly name: string;
  readonly on: "Pod" | "Node";
  /** jq; every one must be true. Stages of one kind must exclude each other: kwok throws dice between several. */
  readonly when: readonly string[];
  /** jq that gives a duration text. */
  readonly delay?: string;
  /** Go template of the status to patch. */
  readonly status?: string;
  readonly remove?: boolean;
}

const matches = (condition: string): object => ({
  key: `(${condition}) | tostring`,
  operator: "In",
  values: ["true"],
});

export const stage = ({ name, on, when, delay, status, remove }: StagePlan): Stage => ({
  apiVersion: "kwok.x-k8s.io/v1alpha1",
  kind: "Stage",
  metadata: { name },
  spec: {
    resourceRef: { apiGroup: "v1", kind: on },
    selector: { matchExpressions: when.map(matches) },
    ...(delay === undefined
      ? {}
      : { delay: { durationMilliseconds: 0, durationFrom: { expressionFrom: delay } } }),
    next: {
      ...(status === undefined ? {} : { statusTemplate: status }),
      ...(remove === true ? { delete: true } : {}),
    },
  },
});

/** jq: an annotation's text, or what holds without it. */
export const annotation = (name: string, otherwise: string): string =>
  `(.metadata.annotations["${name}"] // "${otherwise}")`;

/** jq: the status of a condition, or "" without it. */
export const condition = (type: string): string =>
  `([.status.conditions[]? | select(.type == "${type}") | .status][0] // "")`;
