import { z } from "zod";
import { quote, refuseValue } from "./refusal";

/** A text of one shape, with an example in its refusal: ids of a cloud are pasted, and pasted wrongly. */
export const shaped = (pattern: RegExp, what: string, example: string) =>
  z.string().superRefine((found, context) => {
    if (pattern.test(found)) return;
    const message = `found ${quote(found)}; ${what} is written like ${example}`;
    refuseValue(context, { code: "Config.Shape", message, fix: `write ${what}` });
  });
