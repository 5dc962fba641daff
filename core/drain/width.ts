import type { BudgetMemory } from "./attempts";

/**
 * Evictions under one PDB that may be on their way at once. The server decrements the PDB's status with optimistic
 * writes and sleeps half a second after each conflict. Where one call after the other would take long, others go on
 * meanwhile; where it would not, a conflict costs more than it saves (ADR 0012).
 */
const WIDEST = 4;
const SLOTS_PER_CALL = 2;
const PAYS_MS = 1_000;
/** After the server gave up on a PDB, so many clean answers come before several calls are risked again. */
const CARE = 10;

const asking = ({ inFlight }: BudgetMemory): number =>
  inFlight.reduce((count, { counted }) => count + Number(counted), 0);

const widthOf = ({ care, callMs = 0 }: BudgetMemory, slots: number): number => {
  const pays = care === undefined && slots * callMs >= PAYS_MS;
  return pays ? Math.max(1, Math.min(WIDEST, Math.floor(slots / SLOTS_PER_CALL))) : 1;
};

/** How many more calls may be sent. A budget of our own has no status to contend for: its slots alone limit it. */
export const roomOf = (kind: "pdb" | "own", memory: BudgetMemory, slots: number): number => {
  if (kind === "own") return Infinity;
  const now = asking(memory);
  return Math.max(0, widthOf(memory, slots + now) - now);
};

/** The server stumbled over this budget. */
export const withCare = (memory: BudgetMemory): BudgetMemory => ({ ...memory, care: CARE });

/** It let an eviction pass. */
export const withLessCare = ({ care = 0, ...memory }: BudgetMemory): BudgetMemory =>
  care > 1 ? { ...memory, care: care - 1 } : memory;

/** An eviction that had no company took this long. */
export const withCallTime = (memory: BudgetMemory, ms: number): BudgetMemory => ({
  ...memory,
  callMs: memory.callMs === undefined ? ms : memory.callMs * 0.7 + ms * 0.3,
});
