/** A Kubernetes label selector as it is written in an object. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelExpression[];
}

export interface LabelExpression {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

export type Labels = Readonly<Record<string, string>>;

type Operator = (found: string | undefined, values: readonly string[]) => boolean;

const OPERATORS: Readonly<Record<string, Operator>> = {
  In: (found, values) => found !== undefined && values.includes(found),
  NotIn: (found, values) => found === undefined || !values.includes(found),
  Exists: found => found !== undefined,
  DoesNotExist: found => found === undefined,
  Gt: (found, values) => Number(found) > Number(values[0]),
  Lt: (found, values) => Number(found) < Number(values[0]),
};

/** False when the selector holds an operator that nobody here knows: the API server treats such a selector as matching nothing. */
export const isKnownSelector = (selector: LabelSelector): boolean =>
  (selector.matchExpressions ?? []).every(({ operator }) => OPERATORS[operator] !== undefined);

export const matchesExpression = (labels: Labels, { key, operator, values }: LabelExpression): boolean =>
  OPERATORS[operator]?.(labels[key], values ?? []) ?? false;

/**
 * As the eviction handler of Kubernetes 1.35 and 1.36 reads it: an absent selector matches nothing, an empty one
 * matches every pod of its namespace, and one that cannot be parsed matches nothing.
 */
export const matchesLabels = (selector: LabelSelector | undefined, labels: Labels): boolean => {
  if (selector === undefined || !isKnownSelector(selector)) return false;
  const exact = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return (
    exact && (selector.matchExpressions ?? []).every(expression => matchesExpression(labels, expression))
  );
};
