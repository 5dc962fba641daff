import type { ContenderName, Scenario, Workload } from "./scenario";
import { hasten } from "./scenarios";

/*
 * What fits into five minutes: pods that are twice as quick, three turns of each budget, and others than us are ended
 * as soon as it is clear by how much they are slower.
 */

/** What is left of five minutes between the lab's start and its end. */
export const QUICK_SECONDS = 280;
export const QUICK_RETURN_SECONDS = 2;
export const QUICK_SCALE = 0.25;
/** The second one only when there is time for it. */
export const QUICK_ROUNDS = 2;

const SIX: Partial<Workload> = { replicas: 6, budgets: [{ maxUnavailable: "30%" }] };
const THREE: Partial<Workload> = { replicas: 3 };

const each = (scenario: Scenario, over: Partial<Workload>): readonly Workload[] =>
  scenario.workloads.map(workload => ({ ...workload, ...over }));

const SHAPES: Readonly<Record<string, (scenario: Scenario) => Scenario>> = {
  S1: scenario => ({
    ...scenario,
    title: "stateless, 6 pods each, maxUnavailable 30 %",
    workloads: each(scenario, SIX),
  }),
  // From so many nodes on the lead over a serial drain is a target.
  S2: scenario => ({ ...scenario, nodes: 50, workloads: each(scenario, THREE) }),
  // Long enough to name what blocks.
  S5: scenario => ({ ...scenario, deadlineSeconds: 6 }),
};

export const quicken = (scenario: Scenario): Scenario =>
  hasten(SHAPES[scenario.name]?.(scenario) ?? scenario);

/** In S3 only the rival that S3 is about; one node after another only in S2, which has many. */
export const quickRounds = (contender: ContenderName, { name }: Scenario): number => {
  const isMain = contender === "changeover" || contender === "parallel";
  if (name === "S3" && !isMain) return 0;
  if (contender === "serial" && name !== "S2") return 0;
  return isMain ? QUICK_ROUNDS : 1;
};

/** For serial drains a little more than the lead that is asked for. */
export const quickPatience = (contender: ContenderName): number => (contender === "serial" ? 3.1 : 1.8);

export const hasQuickBaseline = ({ name }: Scenario): boolean => name === "S2";
