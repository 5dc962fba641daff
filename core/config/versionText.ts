import { z } from "zod";
import { formatVersion, parseKubeVersion } from "../version/kubeVersion";
import { quote, type Refusal, refuseValue } from "./refusal";

const WRITTEN = /^\d+\.\d+(\.\d+)?$/;

/** A Kubernetes version as users write it: "1.36" for any patch of the minor, "1.36.4" for exactly that one. */
export const versionText = () =>
  z.unknown().transform((found, context): string => {
    const parsed = typeof found === "string" && WRITTEN.test(found) ? parseKubeVersion(found) : undefined;
    if (parsed?.ok === true) return formatVersion(parsed.value);
    refuseValue(context, typeof found === "number" ? unquoted(found) : unreadable(found));
    return z.NEVER;
  });

/** YAML reads 1.30 as the number 1.3: which minor was meant can no longer be told. */
const unquoted = (found: number): Refusal => ({
  code: "Version.Unquoted",
  message: `found the number ${found}; without quotes YAML reads a version as a number, and 1.30 becomes 1.3`,
  fix: `put it in quotes: ${Number.isInteger(found * 10) ? `"${found}0", or "${found}" if that is meant` : `"${found}"`}`,
});

const unreadable = (found: unknown): Refusal => ({
  code: found === undefined ? "Config.Missing" : "Version.Unreadable",
  message: `found ${quote(found)}; a version is written as "1.36" or "1.36.4", without "v" and without "x"`,
  fix: `write ${suggestion(found)}`,
});

const suggestion = (found: unknown): string => {
  const minor = typeof found === "string" ? /(\d+\.\d+)/.exec(found)?.[1] : undefined;
  return minor === undefined
    ? 'the minor or the exact patch in quotes, such as "1.36"'
    : `"${minor}" for any patch of that minor`;
};
