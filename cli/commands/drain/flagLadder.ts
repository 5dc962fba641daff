import { checkLadderRules } from "../../../core/drain/ladder/checkRules";
import {
  FORCE_DEFAULTS,
  LADDER_WISHES,
  type LadderRules,
  type LadderWish,
  type WorkloadSelector,
} from "../../../core/drain/ladder/rules";
import { flagProblem, type Notes } from "./flagValues";

const SHAPE = /^([a-z-]+)=([^/]+)(?:\/([^/]+)\/([^/]+))?$/;

interface Allowed {
  readonly wish: LadderWish;
  readonly workload: WorkloadSelector;
}

const parseAllowed = (text: string): Allowed | undefined => {
  const [, rung, namespace, kind, name] = SHAPE.exec(text) ?? [];
  const wish = LADDER_WISHES.find(known => known === rung);
  if (wish === undefined || namespace === undefined) return undefined;
  const named = kind === undefined || name === undefined ? {} : { kind, name };
  return { wish, workload: { namespace, ...named } };
};

const rulesOf = (allowed: readonly Allowed[]): LadderRules => {
  const of = (wanted: LadderWish): readonly WorkloadSelector[] =>
    allowed.filter(({ wish }) => wish === wanted).map(({ workload }) => workload);
  const forced = of("force");
  return {
    surge: of("surge"),
    rolloutRestart: of("rollout-restart"),
    evictUnhealthy: of("evict-unhealthy"),
    surgeFirst: of("surge-first"),
    ...(forced.length === 0 ? {} : { force: { ...FORCE_DEFAULTS, selectors: forced } }),
  };
};

/** What may be done about blocked workloads. What their owners allow by annotation is always honoured. */
export const readLadder = (texts: readonly string[], notes: Notes): LadderRules => {
  const allowed = texts.flatMap(text => {
    const found = parseAllowed(text);
    if (found !== undefined) return [found];
    const message = `found "${text}"; allowed is ${LADDER_WISHES.join("|")}=NAMESPACE[/KIND/NAME]`;
    notes.note(flagProblem("--allow", message, "write it like --allow=surge=shop/Deployment/web"));
    return [];
  });
  const rules = rulesOf(allowed);
  for (const problem of checkLadderRules(rules)) notes.note(problem);
  return rules;
};
