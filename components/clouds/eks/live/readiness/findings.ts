import type { Problem } from "../../../../../core/problem";
import type { CloudReadiness } from "../../../../../operations/ports";

export type Findings = Pick<CloudReadiness, "blockers" | "warnings">;

export const NOTHING: Findings = { blockers: [], warnings: [] };

export const blocked = (...blockers: readonly Problem[]): Findings => ({ blockers, warnings: [] });
export const warned = (...warnings: readonly Problem[]): Findings => ({ blockers: [], warnings });

export const merge = (all: readonly Findings[]): Findings => ({
  blockers: all.flatMap(({ blockers }) => blockers),
  warnings: all.flatMap(({ warnings }) => warnings),
});
