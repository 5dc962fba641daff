import fc from "fast-check";
import { parseStack } from "../../core/config";
import { readPlan } from "./plan";
import type { Config, Run, TestStack } from "./stack";

/** Previews of random edits for each cloud: more in the environment look further. */
const EDITS = Number(process.env["CHANGEOVER_EDITS"] ?? 5);

/** What the words of one cloud are for what a user may write about a pool; none = it has no use for such a setting. */
export interface PoolWords {
  readonly machines: readonly string[];
  readonly images: readonly string[];
  readonly zones: readonly string[];
  readonly versions: readonly string[];
  /** Machines and how many they are, where a pool lists its own. */
  readonly listed?: readonly Block[];
}

type Block = Record<string, unknown>;

const merged = (parts: readonly Block[]): Block => Object.assign({}, ...parts) as Block;

const orAbsent = <T>(key: string, value: fc.Arbitrary<T>): fc.Arbitrary<Block> =>
  fc.option(value, { nil: undefined }).map(found => (found === undefined ? {} : { [key]: found }));

const oneOf = (key: string, words: readonly string[]): fc.Arbitrary<Block> =>
  words.length === 0 ? fc.constant({}) : orAbsent(key, fc.constantFrom(...words));

const size = fc.constantFrom({ min: 1, max: 3 }, { min: 2, max: 3 }, { min: 1, max: 5 });

/** Everything a user can write about a pool, each setting there or not. */
export const anyPool = ({ machines, images, zones, versions }: PoolWords): fc.Arbitrary<Block> =>
  fc
    .tuple(
      fc.record({ size }),
      oneOf("version", versions),
      oneOf("machine", machines),
      oneOf("image", images),
      zones.length === 0 ? fc.constant({}) : orAbsent("zones", fc.subarray([...zones], { minLength: 1 })),
      orAbsent("labels", fc.constantFrom({}, { team: "shop" }, { team: "mail" })),
      orAbsent("taints", fc.constantFrom([], [{ key: "team", value: "shop", effect: "NoSchedule" }])),
      orAbsent("respin", fc.constantFrom("once", "twice")),
      orAbsent("drain", fc.constantFrom({ timeout: "1h" }, { deadlinePerUp: "20m" })),
      orAbsent("remove", fc.constant(true)),
    )
    .map(merged);

/** What a user of one cloud may change; `own` are settings of the cloud's own block of the cluster. */
export interface EditWords {
  readonly clusters: readonly Block[];
  readonly own: fc.Arbitrary<Block>;
  /** The pool "workers" as it is; what is drawn for it may be said of a second pool, too. */
  readonly now: Block;
  readonly pool: PoolWords;
  /** Pools that stay as they are. */
  readonly others?: Block;
}

/** Settings that make no other machines: what was there is met again, with another wish about it. */
const inPlace = fc
  .tuple(
    orAbsent("size", size),
    orAbsent("drain", fc.constantFrom({ timeout: "1h" }, { deadlinePerUp: "20m" })),
    orAbsent("strategy", fc.constantFrom({ poolSurge: "50%" }, { kind: "blueGreen" })),
    orAbsent("hold", fc.boolean()),
  )
  .map(merged);

/** Machines of a cloud beyond what the lab has, too. */
const onClouds = fc
  .tuple(orAbsent("diskGiB", fc.constantFrom(50, 200)), orAbsent("capacity", fc.constant("spot")))
  .map(merged);

const anyCloudPool = (now: Block, words: PoolWords): fc.Arbitrary<Block> => {
  const any = fc.oneof(
    inPlace.map(more => ({ ...now, ...more })),
    fc.tuple(anyPool(words), inPlace, onClouds).map(parts => merged([now, ...parts])),
  );
  const { listed } = words;
  return listed === undefined ? any : fc.tuple(any, fc.constantFrom(...listed)).map(merged);
};

const withOwn = (cluster: Block, own: Block): Block => {
  const cloud = String(cluster["cloud"]);
  return { ...cluster, [cloud]: { ...(cluster[cloud] as Block), ...own } };
};

/** What a stack says that is edited, and no edit takes back. */
const SAID = { backup: { kind: "none" } };

/** Edits of a stack that config takes; whether the cluster can go there is another question. */
const anyEdit = ({ clusters, own, now, pool, others = {} }: EditWords): fc.Arbitrary<Config> =>
  fc
    .record({
      cluster: fc.constantFrom(...clusters),
      own,
      workers: anyCloudPool(now, pool),
      extra: fc.option(anyCloudPool(now, pool), { nil: undefined }),
      soak: fc.constantFrom("1s", "2s"),
    })
    .map(edit => ({
      cluster: withOwn(edit.cluster, edit.own),
      pools: {
        ...others,
        workers: edit.workers,
        ...(edit.extra === undefined ? {} : { extra: edit.extra }),
      },
      soak: { duration: edit.soak },
    }))
    .filter(edit => parseStack({ ...SAID, ...edit }).ok);

/** A problem of ours: "UpgradeGate.PoolAhead: …". */
const PROBLEM = /\b[A-Z][A-Za-z]+\.[A-Z][A-Za-z]+: /;

const namesOf = (steps: readonly string[], prefix: string): readonly string[] =>
  steps.filter(step => step.startsWith(prefix)).map(step => step.slice(prefix.length));

/** Types of the cluster and of a pool, as a preview shows them. */
export interface Types {
  readonly cluster: string;
  readonly pool: string;
}

/**
 * Holds of the preview of any edit: refused with a problem of ours, or nothing is replaced, the cluster stays, and no
 * pool goes but through its interlock.
 *
 * @returns whether it was planned.
 */
const expectNoReplacement = ({ code, text }: Run, types: Types): boolean => {
  if (code !== 0) {
    expect(text).toMatch(PROBLEM);
    return false;
  }
  const plan = readPlan(text);
  expect(plan.filter(step => /^\S*replac/.test(step))).toEqual([]);
  expect(namesOf(plan, `delete ${types.cluster}`)).toEqual([]);
  expect(namesOf(plan, `delete ${types.pool} `)).toEqual(namesOf(plan, "delete changeover:Interlock "));
  return true;
};

/** Random edits of a stack that is up, one preview each. The stack's config is left as the last one drawn. */
export const expectNoEditReplaces = async (
  stack: TestStack,
  edits: EditWords,
  types: Types,
): Promise<void> => {
  let planned = 0;
  const judge = async (edit: Config): Promise<void> => {
    stack.set(edit);
    if (expectNoReplacement(await stack.preview("--json"), types)) planned += 1;
  };
  await fc.assert(fc.asyncProperty(fc.noBias(anyEdit(edits)), judge), {
    numRuns: EDITS,
    endOnFailure: true,
  });
  expect(planned).toBeGreaterThan(0);
};
