import type { Row } from "../row";
import { median } from "../statistics";
import { contenderOf } from "./contenders";
import type { Outcome } from "./outcome";
import { scenariosAt } from "./scenarios";
import { type Target, TARGETS } from "./targets";

const FULL = scenariosAt(1);

const absentOf = ({ needs, lack }: Target, { results }: Outcome): string => {
  const absent = needs.filter(name => !results.has(name)).map(name => contenderOf(name).title);
  return absent.length === 0 ? (lack ?? "no value") : `${absent.join(" and ")} took no part`;
};

const rowOf = (target: Target, outcome: Outcome): Row => {
  const { unit, atMost } = target;
  const { name, onStandIn = false } = outcome.scenario;
  const what = `${name}: ${target.what}${onStandIn ? ", stand-in API server" : ""}`;
  const values = target.of(outcome);
  return { what, unit, atMost, values, ...(values.length > 0 ? {} : { missing: absentOf(target, outcome) }) };
};

/** For a target that none of the scenarios shows that were run. */
const unseen = ({ what, unit, atMost, shows }: Target): Row => {
  const names = FULL.filter(shows).map(({ name }) => name);
  return { what, unit, atMost, values: [], missing: `only ${names.join(", ")} can show it` };
};

const rowsOf = (target: Target, outcomes: readonly Outcome[]): readonly Row[] => {
  const shown = outcomes.filter(({ scenario }) => target.shows(scenario));
  return shown.length === 0 ? [unseen(target)] : shown.map(outcome => rowOf(target, outcome));
};

const RANKS = ["missed", "met", "not measured"] as const;

const rankOf = ({ values, atMost = Infinity, missing }: Row): number => {
  if (missing !== undefined) return RANKS.indexOf("not measured");
  return RANKS.indexOf(median(values) <= atMost ? "met" : "missed");
};

/** The targets: misses first, what was not measured last, with the reason. */
export const judge = (outcomes: readonly Outcome[]): readonly Row[] =>
  TARGETS.flatMap(target => rowsOf(target, outcomes)).sort((one, other) => rankOf(one) - rankOf(other));
