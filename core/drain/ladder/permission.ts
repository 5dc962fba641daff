import type { Labels } from "../labels";
import { rememberEach } from "../rememberEach";
import { LADDER_WISHES, type LadderRules, type LadderWish, type WorkloadSelector } from "./rules";

/** What the rules and the annotations look at. */
export interface Optable {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  readonly labels?: Labels;
  /** The text of its own opt-in annotation. */
  readonly ladder?: string;
}

type Grade = "named" | "broad";

/** "named": by its own name or its own annotation; "broad": with its namespace, kind or labels. */
export type Permission = ReadonlyMap<LadderWish, Grade>;

const isWord = (text: string): text is LadderWish => (LADDER_WISHES as readonly string[]).includes(text);

const wordsOf = (text: string | undefined): readonly string[] =>
  (text ?? "")
    .split(",")
    .map(word => word.trim())
    .filter(word => word !== "");

/** Words of the annotation that nobody here knows, so that a slip of the pen is told. */
export const unknownWords = (text: string | undefined): readonly string[] =>
  wordsOf(text).filter(word => !isWord(word));

const matches = (selector: WorkloadSelector, workload: Optable): boolean =>
  selector.namespace === workload.namespace &&
  (selector.kind ?? workload.kind) === workload.kind &&
  (selector.name ?? workload.name) === workload.name &&
  Object.entries(selector.labels ?? {}).every(([key, value]) => workload.labels?.[key] === value);

const selectorsOf = (
  rules: LadderRules,
): Readonly<Record<LadderWish, readonly WorkloadSelector[] | undefined>> => ({
  surge: rules.surge,
  "rollout-restart": rules.rolloutRestart,
  "evict-unhealthy": rules.evictUnhealthy,
  force: rules.force?.selectors,
  "surge-first": rules.surgeFirst,
});

const byRules = (rules: LadderRules, workload: Optable): readonly (readonly [LadderWish, Grade])[] => {
  const selectors = selectorsOf(rules);
  return LADDER_WISHES.flatMap(wish => {
    const found = (selectors[wish] ?? []).filter(selector => matches(selector, workload));
    if (found.length === 0) return [];
    return [[wish, found.some(({ name }) => name !== undefined) ? "named" : "broad"] as const];
  });
};

/** What the rules allow for some workload; what owners allow by annotation comes on top. */
export const allowedWishes = (rules: LadderRules): readonly LadderWish[] => {
  const selectors = selectorsOf(rules);
  return LADDER_WISHES.filter(wish => (selectors[wish] ?? []).length > 0);
};

const readPermission = (workload: Optable, rules: LadderRules): Permission =>
  new Map([
    ...byRules(rules, workload),
    ...wordsOf(workload.ladder)
      .filter(isWord)
      .map(word => [word, "named"] as const),
  ]);

const permissionsBy = rememberEach((rules: LadderRules) =>
  rememberEach((workload: Optable) => readPermission(workload, rules)),
);

/** Every rung that this workload is opted in to; none by default. Kept, since it is asked for each pod in each round. */
export const permissionOf = (workload: Optable, rules: LadderRules): Permission =>
  permissionsBy(rules)(workload);
