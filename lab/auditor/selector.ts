/** Label selectors as policy/v1 reads them: an empty one takes every pod of its namespace, a missing one none. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly Expression[];
}
interface Expression {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}
type Labels = Readonly<Record<string, string>>;

const OPERATORS: Readonly<Record<string, (value: string | undefined, values: readonly string[]) => boolean>> =
  {
    In: (value, values) => value !== undefined && values.includes(value),
    NotIn: (value, values) => value === undefined || !values.includes(value),
    Exists: value => value !== undefined,
    DoesNotExist: value => value === undefined,
  };

const meets = (labels: Labels, { key, operator, values = [] }: Expression): boolean =>
  OPERATORS[operator]?.(labels[key], values) ?? false;

export const selects = (selector: LabelSelector | undefined, labels: Labels): boolean =>
  selector !== undefined &&
  Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
  (selector.matchExpressions ?? []).every(expression => meets(labels, expression));
