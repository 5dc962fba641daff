import { z } from "zod";
import { closed } from "./closed";

const day = z.iso.date({ error: 'needs a day such as "2026-12-18"' });

/** `changeover:window`: when migrations may run. */
export const windowSchema = closed({
  allow: z
    .array(
      z.string().regex(/^\S+ \d\d:\d\d-\d\d:\d\d \S+$/, {
        error: 'needs days, hours and zone: "Tue-Thu 09:00-16:00 Europe/Berlin"',
      }),
    )
    .default([])
    .describe("Times at which migrations may run; always when empty."),
  freeze: z
    .array(closed({ from: day, to: day, reason: z.string().min(1) }))
    .default([])
    .describe("Days on which nothing starts."),
});

export type WindowSpec = Readonly<z.output<typeof windowSchema>>;
