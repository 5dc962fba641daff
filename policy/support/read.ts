import { type KubeVersion, parseKubeVersion } from "../../core/version/kubeVersion";

/** A value that a rule needs and can't have: missing, of another kind, or not known yet. Never compliant. */
export class Unreadable extends Error {}

type Props = Readonly<Record<string, unknown>>;

/** Marker that stands for a value the engine does not know yet, where it reaches us as it is. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Reads "a.b.c"; what is absent or unknown on the way throws. */
const readValue = (props: Props, path: string): unknown => {
  const value = path
    .split(".")
    .reduce<unknown>((inner, key) => (isBlock(inner) ? inner[key] : undefined), props);
  if (value === undefined || value === null) throw new Unreadable(`${path} is missing`);
  if (value === UNKNOWN) throw new Unreadable(`${path} is not known yet`);
  return value;
};

const isBlock = (value: unknown): value is Props =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const readAs = <T>(
  props: Props,
  path: string,
  kind: { word: string; is: (value: unknown) => value is T },
): T => {
  const value = readValue(props, path);
  if (kind.is(value)) return value;
  throw new Unreadable(`${path} is ${JSON.stringify(value)}, not ${kind.word}`);
};

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const isCount = (value: unknown): value is number => typeof value === "number" && Number.isFinite(value);
const isFlag = (value: unknown): value is boolean => typeof value === "boolean";
const isBlocks = (value: unknown): value is readonly Props[] => Array.isArray(value) && value.every(isBlock);

export const readText = (props: Props, path: string): string =>
  readAs(props, path, { word: "a text", is: isText });
export const readNumber = (props: Props, path: string): number =>
  readAs(props, path, { word: "a number", is: isCount });
export const readFlag = (props: Props, path: string): boolean =>
  readAs(props, path, { word: "true or false", is: isFlag });
export const readBlock = (props: Props, path: string): Props =>
  readAs(props, path, { word: "a block", is: isBlock });
export const readBlocks = (props: Props, path: string): readonly Props[] =>
  readAs(props, path, { word: "a list of blocks", is: isBlocks });

export const readStage = (props: Props, path: string): "emulated" | "final" => {
  const stage = readText(props, path);
  if (stage === "emulated" || stage === "final") return stage;
  throw new Unreadable(`${path} is "${stage}", not emulated or final`);
};

export const readVersion = (props: Props, path: string): KubeVersion => {
  const text = readText(props, path);
  const version = parseKubeVersion(text);
  if (version.ok) return version.value;
  throw new Unreadable(`${path} is "${text}", not a Kubernetes version`);
};
