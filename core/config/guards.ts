import { z } from "zod";
import { closed } from "./closed";

const objective = z
  .string()
  .regex(/^\d{1,2}(\.\d{1,4})?%$|^100%$/, { error: 'needs a share such as "99.9%"' });

/** `changeover:guards`: conditions looked at before each eviction. */
export const guardsSchema = closed({
  prometheus: z.url().optional().describe("Where service levels are read from."),
  slis: z
    .record(z.string(), closed({ objective }))
    .default({})
    .describe("Service level → objective it must keep."),
  onBreach: z
    .enum(["pause", "rollback"])
    .default("pause")
    .describe("What a broken objective does to a running migration."),
});

export type GuardsSpec = Readonly<z.output<typeof guardsSchema>>;
