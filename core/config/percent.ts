import { z } from "zod";
import { quote, refuseValue } from "./refusal";

const SHAPE = /^(\d{1,3})%$/;

/** A share as text, "25%", from `least` to 100. Becomes the number. A bare number is refused: it could count nodes. */
export const percent = (least: number) => share(least, found => (typeof found === "string" ? found : ""));

/** The same under a key whose name already says percent: there "25%" and 25 mean one thing. */
export const percentByName = (least: number) =>
  share(least, found => (typeof found === "number" ? `${found}%` : typeof found === "string" ? found : ""));

const share = (least: number, asText: (found: unknown) => string) =>
  z.unknown().transform((found, context): number => {
    const value = Number(SHAPE.exec(asText(found))?.[1] ?? NaN);
    if (value >= least && value <= 100) return value;
    refuseValue(context, {
      code: "Config.Percent",
      message: `found ${quote(found)}; a share is written from "${least}%" to "100%"`,
      fix: typeof found === "number" ? `write "${found}%"` : 'write a share such as "25%"',
    });
    return z.NEVER;
  });
