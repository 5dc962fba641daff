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
import type { Plan } from "./schedule";

/** What the command line asks for. */
export interface Wish {
  readonly only?: readonly string[];
  /** Absent = nobody in particular. */
  readonly contenders?: readonly ContenderName[];
  readonly rounds?: number;
  readonly scale?: Scale;
  readonly quick?: boolean;
}

export const FULL_ROUNDS = 5;
const RETURN_SECONDS = 30;

const pick = (names: readonly string[], known: readonly Scenario[]): readonly Scenario[] =>
  names.flatMap(name => known.filter(scenario => scenario.name === name));

const fullPlan = ({ only = FULL, rounds = FULL_ROUNDS, scale = 1, contenders }: Wish): Plan => ({
  scenarios: pick(only, scenariosAt(scale)),
  rounds,
  named: contenders,
  roundsOf: () => rounds,
  hasBaseline: ({ judgedByBound }) => judgedByBound,
  patienceWith: () => Infinity,
  seconds: Infinity,
  returnSeconds: RETURN_SECONDS,
});

const quickPlan = ({ only = QUICK, rounds = QUICK_ROUNDS, scale = QUICK_SCALE, contenders }: Wish): Plan => ({
  scenarios: pick(only, scenariosAt(scale)).map(quicken),
  rounds,
  named: contenders,
  roundsOf: quickRounds,
  hasBaseline: hasQuickBaseline,
  patienceWith: quickPatience,
  seconds: QUICK_SECONDS,
  returnSeconds: QUICK_RETURN_SECONDS,
});

export const planOf = (wish: Wish): Plan => (wish.quick === true ? quickPlan(wish) : fullPlan(wish));
