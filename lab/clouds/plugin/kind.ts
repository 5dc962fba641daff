import { isDeepStrictEqual } from "node:util";

export type Props = Readonly<Record<string, unknown>>;

/** One resource type as the real provider treats it, in terms of the API's calls. */
export interface ResourceKind {
  /**
   * Properties whose change makes the real provider replace the resource, as paths: "a", "a.b". All others are updated
   * in place. Source: ForceNew in the Terraform provider that the real plugin bridges.
   */
  readonly replacing: readonly string[];
  /** Properties a program may set: a refresh takes over what it finds in them. */
  readonly settable: readonly string[];
  /** Properties the real provider fills in where a program says nothing ("Computed"): that is no change, as paths. */
  readonly computed?: readonly string[];
  /** Whether the real provider keeps inputs beside outputs, also of what it imports: azure-native does. */
  readonly keepsInputs?: true;
  /** What the real provider makes of a program's inputs before it compares them; absent = it takes them as they are. */
  readonly check?: (inputs: Props) => Promise<Props>;
  readonly create: (inputs: Props) => Promise<{ readonly id: string; readonly outs: Props }>;
  /** `undefined` = gone. */
  readonly read: (id: string) => Promise<Props | undefined>;
  readonly update: (id: string, olds: Props, news: Props) => Promise<Props>;
  readonly remove: (id: string, props: Props) => Promise<void>;
}

const at = (props: Props, path: string): unknown =>
  path
    .split(".")
    .reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], props);

/** Where a provider that tells inputs from outputs keeps the inputs of last time, among the outputs. */
export const INPUTS = "__inputs";

const OWN = ["__defaults", "__pulumi", INPUTS];

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value))
    return value.map(sorted).sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).filter(([key, inner]) => !OWN.includes(key) && inner !== undefined);
  return Object.fromEntries(kept.map(([key, inner]) => [key, sorted(inner)]));
};

/** A list that is a set to the cloud has no order: subnets, taints, zones. */
const isSame = (a: unknown, b: unknown): boolean => isDeepStrictEqual(sorted(a), sorted(b));

/** With what the provider fills in by itself: "a.b" of the state where the program does not say it. */
const filled = ({ computed = [] }: ResourceKind, olds: Props, news: Props): Props =>
  computed.reduce((props, path) => {
    const [key = "", inner = ""] = path.split(".");
    const [block, found] = [props[key], at(olds, path)];
    if (found === undefined || block === undefined || at(props, path) !== undefined) return props;
    return { ...props, [key]: { ...(block as Props), [inner]: found } };
  }, news);

const differing = (keys: Iterable<string>, olds: Props, news: Props): readonly string[] =>
  [...keys].filter(key => !OWN.includes(key) && !isSame(olds[key], news[key]));

/** Against the inputs of last time, where they were kept, what is left out now is a change, too. */
export const changedKeys = (olds: Props, news: Props): readonly string[] => {
  const inputs = olds[INPUTS] as Props | undefined;
  if (inputs === undefined) return differing(Object.keys(news), olds, news);
  return differing(new Set([...Object.keys(inputs), ...Object.keys(news)]), inputs, news);
};

/** Inputs after a refresh: those of last time, but for what was found to be another now. */
export const takeOver = (
  { settable }: Pick<ResourceKind, "settable">,
  before: Props,
  found: Props,
): Props => {
  const inputs = before[INPUTS] as Props | undefined;
  if (inputs === undefined) return pick(found, settable);
  return { ...inputs, ...pick(found, differing(settable, before, found)) };
};

const pick = (props: Props, keys: readonly string[]): Props =>
  Object.fromEntries(
    Object.entries(props).filter(([key, value]) => keys.includes(key) && value !== undefined),
  );

/** What a change means, as the engine shows it in a preview. */
export const compare = (
  kind: ResourceKind,
  olds: Props,
  stated: Props,
): { readonly changes: boolean; readonly replaces: string[] } => {
  const before = (olds[INPUTS] ?? olds) as Props;
  const news = filled(kind, olds, stated);
  const replaces = kind.replacing.filter(
    path => at(news, path) !== undefined && !isSame(at(before, path), at(news, path)),
  );
  return { changes: changedKeys(olds, news).length > 0, replaces };
};

/** The wire has no word for a key without value. */
export const withoutGaps = (props: Props): Props =>
  Object.fromEntries(Object.entries(props).filter(([, value]) => value !== undefined));

/** The real provider keeps what it made although it never became well: the engine has it in its state, marked. */
export class HalfMade extends Error {
  declare readonly id: string;
  declare readonly properties: Props;
  declare readonly reasons: readonly string[];

  constructor(made: { readonly id: string; readonly outs: Props }, reason: string) {
    super(reason);
    Object.assign(this, { id: made.id, properties: withoutGaps(made.outs), reasons: [reason] });
  }
}
