import { z } from "zod";
import type { Result } from "../result";
import { closed } from "./closed";
import { CLOUDS, NEEDED_TO_FIND, placeShape } from "./cluster";
import { connectionOf, type ConnectionRecipe } from "./connection";
import { duration } from "./duration";
import { name } from "./labelText";
import { parseBlock } from "./parseBlock";
import { percent } from "./percent";
import { refuseValue } from "./refusal";

/** Where one of the two clusters is, in the words of `changeover:cluster`. */
const place = () =>
  closed({
    name: name(40).describe("Name of the cluster."),
    cloud: z.enum(CLOUDS).describe("Who runs its control plane."),
    ...placeShape,
  }).superRefine((found, context) => {
    for (const key of NEEDED_TO_FIND[found.cloud]) {
      if (found[key] !== undefined) continue;
      const message = `missing; cloud "${found.cloud}" needs it`;
      refuseValue(context, { code: "Config.Missing", message, fix: `add ${key}` }, [key]);
    }
  });

const DEFAULT_STEPS = ["5%", "25%", "50%", "100%"];

/** `changeover:handover`: traffic that moves from one cluster to another, a step an `up`. */
const handoverSchema = closed({
  name: name(40).describe("Name of the handover."),
  blue: place().describe("The cluster that carries the traffic now."),
  green: place().describe("The cluster that shall carry it."),
  namespaces: z
    .array(name(63))
    .min(1)
    .describe("Namespaces whose objects green must have before it is given any traffic."),
  weight: percent(0).describe('Share of the traffic that green shall carry: "5%". Changing it is the step.'),
  steps: z
    .array(percent(1))
    .min(1)
    .prefault(DEFAULT_STEPS)
    .describe(
      "Shares through which the weight goes up, ascending; the last is 100%. Down it may go at once.",
    ),
  soak: duration().default(600).describe("How long green must carry a step well before it counts."),
  timeout: duration().default(300).describe("How long an `up` waits for green to be ready for a step."),
}).superRefine((found, context) => {
  const { steps, blue, green } = found;
  if (steps.at(-1) !== 100 || steps.some((step, at) => step <= (steps[at - 1] ?? 0))) {
    const message = `found ${steps.join(", ")}; steps go up, and the last is 100 %`;
    const fix = `write them as in [${DEFAULT_STEPS.map(step => `"${step}"`).join(", ")}]`;
    refuseValue(context, { code: "Handover.Steps", message, fix }, ["steps"]);
  }
  if (JSON.stringify(blue) === JSON.stringify(green)) {
    const message = "blue and green are the same cluster";
    refuseValue(context, { code: "Handover.OneCluster", message, fix: "name another green" }, ["green"]);
  }
});

/** Traffic that moves from one cluster to another, every default filled in. */
export interface HandoverSpec {
  readonly name: string;
  readonly blue: ConnectionRecipe;
  readonly green: ConnectionRecipe;
  readonly namespaces: readonly string[];
  /** Percent of the traffic that green shall carry. */
  readonly weight: number;
  /** Percent, ascending, the last is 100. */
  readonly steps: readonly number[];
  readonly soakSeconds: number;
  readonly timeoutSeconds: number;
}

/** Reads `changeover:handover`, already parsed from JSON or YAML: the handover, or every problem in it at once. */
export const parseHandover = (raw: unknown): Result<HandoverSpec> => {
  const parsed = parseBlock(handoverSchema, raw, "handover");
  if (!parsed.ok) return parsed;
  const { soak, timeout, namespaces, blue, green, ...rest } = parsed.value;
  const value = {
    ...rest,
    blue: connectionOf(blue),
    green: connectionOf(green),
    namespaces: [...new Set(namespaces)].sort(),
    soakSeconds: soak,
    timeoutSeconds: timeout,
  };
  return { ok: true, value };
};
