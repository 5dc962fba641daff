import { LADDER_ANNOTATION, LADDER_LABEL } from "../../core/drain/ladder/names";
import type { ReadObject } from "../../core/drain/ladder/target";

type Bearer = Pick<ReadObject, "annotations" | "labels">;

/** What stands on an object that was surged, of whatever the record is. */
export const surgedBy = (record: unknown): Bearer => {
  const { at = 0 } = (record ?? {}) as { readonly at?: number };
  const text = typeof record === "string" ? record : JSON.stringify(record);
  return {
    annotations: { [LADDER_ANNOTATION.surge]: text },
    labels: { [LADDER_LABEL.surgedAt]: String(at) },
  };
};

/** What `kubectl rollout undo` brings back after a surge: its record, and no label. */
export const copyOf = (record: unknown): Bearer => ({ ...surgedBy(record), labels: {} });
