import { LADDER_ANNOTATION } from "./names";
import type { ReadObject } from "./target";

/** Who restarted a Deployment, and when, in milliseconds since the epoch. */
export interface RestartRecord {
  readonly run: string;
  readonly at: number;
}

export const readRestart = ({ annotations }: Pick<ReadObject, "annotations">): RestartRecord | undefined => {
  try {
    const value = JSON.parse(annotations[LADDER_ANNOTATION.restarted] ?? "null") as unknown;
    const { run, at } = (value ?? {}) as Partial<RestartRecord>;
    return typeof run === "string" && typeof at === "number" ? { run, at } : undefined;
  } catch {
    return undefined;
  }
};
