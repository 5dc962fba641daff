import { z } from "zod";
import { closed } from "./closed";

const addOnSchema = closed({
  owner: z.enum(["cloud", "program", "external"]).describe("Who upgrades it. external is only checked."),
  version: z.string().min(1).optional().describe("Version to hold it at."),
});

/** `changeover:addOns`: cluster add-ons and who looks after each. */
export const addOnsSchema = z.record(z.string(), addOnSchema);

export type AddOnsSpec = Readonly<z.output<typeof addOnsSchema>>;
