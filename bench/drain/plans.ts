import type { Setting } from "./limits";
import {
  hasQuickBaseline,
  QUICK_RETURN_SECONDS,
  QUICK_ROUNDS,
  QUICK_SCALE,
  QUICK_SECONDS,
  quicken,
  quickPatience,
  quickRounds,
} from "./quick";
import type { ContenderName, Scenario } from "./scenario";
import { FULL, QUICK, type Scale, scenariosAt } from "./scenarios";
import { type Lap, type Plan, secondsOf } from "./schedule";
import { inWords } from "./timekeeper";

/** What the command line asks for. */
export interface Wish {
  readonly only?: readonly string[];
  /** Absent = nobody in particular. */
  readonly contenders?: readonly ContenderName[];
  readonly rounds?: number;
  readonly scale?: Scale;
  readonly quick?: boolean;
  readonly limits?: Setting;
  readonly logs?: string;
}

export const FULL_ROUNDS = 5;
const RETURN_SECONDS = 30;

const pick = (names: readonly string[], known: readonly Scenario[]): readonly Scenario[] =>
  names.flatMap(name => known.filter(scenario => scenario.name === name));

const fullPlan = ({ only = FULL, rounds = FULL_ROUNDS, scale = 1, ...wish }: Wish): Plan => ({
  scenarios: pick(only, scenariosAt(scale)),
  rounds,
  named: wish.contenders,
  setting: wish.limits ?? "lab",
  logs: wish.logs,
  roundsOf: () => rounds,
  hasBaseline: ({ judgedByBound }) => judgedByBound,
  patienceWith: () => Infinity,
  seconds: Infinity,
  returnSeconds: RETURN_SECONDS,
});

const quickPlan = ({ only = QUICK, rounds = QUICK_ROUNDS, scale = QUICK_SCALE, ...wish }: Wish): Plan => ({
  scenarios: pick(only, scenariosAt(scale)).map(quicken),
  rounds,
  named: wish.contenders,
  setting: wish.limits ?? "lab",
  logs: wish.logs,
  roundsOf: quickRounds,
  hasBaseline: hasQuickBaseline,
  patienceWith: quickPatience,
  seconds: QUICK_SECONDS,
  returnSeconds: QUICK_RETURN_SECONDS,
});

/** Mending the lab would bring its own limits back. */
const checkLimits = ({ setting, scenarios }: Plan): void => {
  const mended = scenarios.find(({ fault }) => fault === "restartApiserver");
  if (setting === "lab" || mended === undefined) return;
  throw new Error(`--limits ${setting}: not with ${mended.name}; name others with --only`);
};

/** Throws when the wishes do not fit together. */
export const planOf = (wish: Wish): Plan => {
  const plan = wish.quick === true ? quickPlan(wish) : fullPlan(wish);
  checkLimits(plan);
  return plan;
};

/** What is to come, before it begins. */
export const describePlan = (plan: Plan, laps: readonly Lap[]): string => {
  const seconds = Math.min(
    plan.seconds,
    laps.reduce((sum, lap) => sum + secondsOf(lap), 0),
  );
  const names = plan.scenarios.map(({ name }) => name).join(", ");
  const rounds = plan.rounds === 1 ? "1 round" : `${plan.rounds} rounds`;
  return `${names}; ${rounds}, likely to take ${inWords(seconds)} on two cores`;
};
