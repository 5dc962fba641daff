import type { Problem } from "../problem";

export interface WeightWanted {
  /** Percent that green was seen to carry well. */
  readonly proven: number;
  /** Percent that config wants green to carry. */
  readonly wanted: number;
  /** Ascending, the last is 100. */
  readonly steps: readonly number[];
}

/** Forward no further than the next step; back as far as you like, because going back has to be quick. */
export const judgeWeight = ({ proven, wanted, steps }: WeightWanted): readonly Problem[] => {
  const next = steps.find(step => step > proven) ?? 100;
  if (wanted <= next) return [];
  return [
    {
      code: "Handover.SkippedStep",
      path: "handover.weight",
      message: `found ${String(wanted)}%; green was seen to carry ${String(proven)} % well, and the next of the steps ${steps.join(", ")} is ${String(next)} %`,
      fix: `set handover.weight to "${String(next)}%" and run \`pulumi up\`; what lies behind it comes after its soak`,
    },
  ];
};
