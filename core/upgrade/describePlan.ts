import { assertNever } from "../result";
import type { PlannedUp, Step } from "./course";

/** One step as a sentence. */
export const describeStep = (step: Step): string => {
  switch (step.kind) {
    case "raiseControlPlane":
      return `control plane ${step.from} → ${step.to}${step.stage === "emulated" ? ", still serving the old minor" : ""}`;
    case "lowerControlPlane":
      return `control plane back ${step.from} → ${step.to}`;
    case "makeFinal":
      return `control plane ${step.version} becomes final: the way back closes`;
    case "movePool":
      return `pool ${step.pool} ${step.from} → ${step.to}: a new generation, workloads move`;
    default:
      return assertNever(step);
  }
};

/** The chain as text: what each `up` does, and what config says for it. */
export const describePlan = (ups: readonly PlannedUp[]): string =>
  ups.length === 0 ? "nothing to do" : ups.map((up, index) => describeUp(up, index + 1)).join("\n");

const describeUp = (up: PlannedUp, number: number): string => {
  const pools = Object.entries(up.pools).map(([name, version]) => `pools.${name}.version: "${version}"`);
  const config = [
    `cluster.version: "${up.cluster.version}"`,
    `cluster.stage: ${up.cluster.stage}`,
    ...pools.sort(),
  ];
  return [
    `up ${number}`,
    ...up.steps.map(step => `  ${describeStep(step)}`),
    `  config: ${config.join(", ")}`,
  ].join("\n");
};
