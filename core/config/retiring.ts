import { z } from "zod";
import { parseGenerationId } from "../identity/names";
import { closed } from "./closed";
import { machineShape, sizeSchema } from "./machines";
import { percentByName } from "./percent";
import { quote, refuseValue } from "./refusal";
import { versionText } from "./versionText";

const generation = z.string().superRefine((found, context) => {
  if (parseGenerationId(found) !== undefined) return;
  const message = `found ${quote(found)}; a generation is called "<pool>-<major>-<minor>-<6 hex>"`;
  refuseValue(context, {
    code: "Retiring.Name",
    message,
    fix: "run `changeover retire`, which writes the whole entry",
  });
});

/** One generation that a staged pool is leaving; `changeover retire` writes it. */
export const retiringSchema = closed({
  generation: generation.describe("Id of the generation being left."),
  spec: closed({ version: versionText(), ...machineShape, size: sizeSchema }).describe(
    "What that generation was made of, frozen: its hash is the one in the id.",
  ),
  drainPercent: percentByName(0).default(0).describe('Share of its nodes to empty: "0%", "25%", "100%".'),
  keepCapacity: z
    .boolean()
    .default(true)
    .describe("Keep emptied nodes, so that going back needs no new machines."),
  notBefore: z.iso
    .datetime({ offset: true, error: 'needs a moment such as "2026-12-01T09:00:00Z"' })
    .optional()
    .describe("Nothing of it moves before this moment."),
  release: z
    .boolean()
    .default(false)
    .describe("Lifts the engine's protection: the `up` after this one may delete it."),
});

export type RetiringSpec = Readonly<z.output<typeof retiringSchema>>;
