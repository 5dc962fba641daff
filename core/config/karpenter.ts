import { z } from "zod";
import { closed } from "./closed";
import { shaped } from "./shaped";

/** Spans of time as Karpenter's own definitions take them: NodePool, spec.template.spec.expireAfter. */
const span = () => shaped(/^(?:(?:\d+[smh])+|Never)$/, "a span of time, or Never", "720h");

/** `pools.<name>.karpenter`: the pool's machines are made by the Karpenter that runs in the cluster. */
export const karpenterSchema = closed({
  expireAfter: span()
    .default("Never")
    .describe(
      "Karpenter ends a machine at this age, whatever budgets say. Never unless said: a generation ends by an upgrade. Part of the pool's identity.",
    ),
  consolidationPolicy: z
    .enum(["WhenEmpty", "WhenEmptyOrUnderutilized"])
    .default("WhenEmptyOrUnderutilized")
    .describe("Which nodes Karpenter may take away by itself while the pool does not move."),
  consolidateAfter: span()
    .default("0s")
    .describe("How long a node must have been without change of its pods before that."),
  budget: shaped(
    /^(?:(?:100|\d{1,2})%|\d+)$/,
    "how many nodes Karpenter may disrupt at a time, in percent or as a number",
    "10%",
  )
    .default("10%")
    .describe(
      "How many of the pool's nodes Karpenter may take away or replace at a time; none while it moves.",
    ),
});

export type KarpenterSpec = Readonly<z.output<typeof karpenterSchema>>;

const UNIT: Readonly<Record<string, number>> = { h: 3_600, m: 60, s: 1 };

/** "720h", "1h30m"; "Never" and what can't be read have no end that is known. */
export const secondsOf = (span: string | undefined): number => {
  const parts = [...(span ?? "").matchAll(/(\d+)([hms])/g)];
  if (parts.length === 0) return Infinity;
  return parts.reduce((total, [, count, unit = "s"]) => total + Number(count) * (UNIT[unit] ?? 0), 0);
};
