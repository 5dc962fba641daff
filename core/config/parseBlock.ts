import type { z } from "zod";
import { accept, refuse, type Result } from "../result";
import { describeIssues } from "./issues";

/** One key of the config against its schema: the value, or every problem in it. */
export const parseBlock = <S extends z.ZodType>(
  schema: S,
  raw: unknown,
  path: string,
): Result<z.output<S>> => {
  const parsed = schema.safeParse(raw);
  return parsed.success ? accept(parsed.data) : refuse(describeIssues(parsed.error, raw, path));
};
