import type { Problem } from "../../../../../core/problem";
import type { Findings } from "../../../shared/live/sideBySide";

export const blocked = (...blockers: readonly Problem[]): Findings => ({ blockers, warnings: [] });
export const warned = (...warnings: readonly Problem[]): Findings => ({ blockers: [], warnings });
