import { formatSamples } from "../../core/drain/exposition";
import { countClimb, countTransition, NO_TOTALS, type Sample, type Totals } from "../../core/drain/metrics";
import type { CommandPorts } from "./commandDrain";

/** All figures of one command, as Prometheus reads them. */
export interface MetricsBook {
  readonly ports: Required<Pick<CommandPorts, "onPlan" | "onTransition" | "onClimb" | "gauges">>;
  readonly text: () => string;
}

/** Totals grow from the start of the command; gauges are those of the last look. `onChange`: there are new gauges. */
export const openMetricsBook = (onChange: () => void): MetricsBook => {
  let totals: Totals = NO_TOTALS;
  let gauges: readonly Sample[] = [];
  let bound: readonly Sample[] = [];
  return {
    ports: {
      onPlan: plan => {
        bound = [{ name: "drain_lower_bound_seconds", labels: {}, value: plan.bound.seconds }];
        onChange();
      },
      onTransition: transition => {
        totals = countTransition(totals, transition);
      },
      onClimb: climb => {
        totals = countClimb(totals, climb);
      },
      gauges: samples => {
        gauges = samples;
        onChange();
      },
    },
    text: () => formatSamples([...totals.values(), ...gauges, ...bound]),
  };
};
