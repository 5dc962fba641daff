import type { BudgetMemory } from "./attempts";

/**
 * Evictions under one PDB that may be on their way at once. The server decrements the PDB's status with optimistic
 * writes and sleeps half a second after each conflict: where many slots are free, others go on meanwhile; where few are,
 * one call after the other is quicker (ADR 0011).
 */
const WIDEST = 8;
const SLOTS_PER_CALL = 2;
/** After the server gave up on a PDB, so many clean answers come before several calls are risked again. */
const CARE = 10;

const asking = ({ inFlight }: BudgetMemory): number =>
  inFlight.reduce((count, { counted }) => count + Number(counted), 0);

/** How many more calls may be sent. A budget of our own has no status to contend for: its slots alone limit it. */
export const roomOf = (kind: "pdb" | "own", memory: BudgetMemory, slots: number): number => {
  if (kind === "own") return Infinity;
  const now = asking(memory);
  const wide = Math.min(WIDEST, Math.floor((slots + now) / SLOTS_PER_CALL));
  return Math.max(0, (memory.care === undefined ? Math.max(1, wide) : 1) - now);
};

/** The server stumbled over this budget. */
export const withCare = (memory: BudgetMemory): BudgetMemory => ({ ...memory, care: CARE });

/** It let an eviction pass. */
export const withLessCare = ({ care = 0, ...memory }: BudgetMemory): BudgetMemory =>
  care > 1 ? { ...memory, care: care - 1 } : memory;
