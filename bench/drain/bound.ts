import { type ChainTerm, type LowerBound, lowerBound } from "../../core/drain/lowerBound";
import { syntheticLimit } from "../../core/drain/workloads";
import { roomOf, type Scenario, type Workload } from "./scenario";

const termOf = (workload: Workload): ChainTerm => {
  const { name, kind, replicas, pace } = workload;
  return {
    name: name.replace(/-\d+$/, ""),
    pods: replicas,
    limit: roomOf(workload) ?? syntheticLimit(kind, replicas),
    graceMs: pace.stopMs,
    startMs: pace.startMs + pace.readyMs,
    serial: kind === "StatefulSet",
  };
};

/**
 * T* of a scenario: all of its pods are on blue, blocked ones are left out. Nothing is added for the platform's own delays.
 * Where nobody wrote a budget, the synthetic one counts that we keep and others do not.
 */
export const boundOf = ({ workloads }: Scenario): LowerBound =>
  lowerBound(workloads.filter(({ blocked }) => blocked !== true).map(termOf));
