import type { Standstill } from "./standstillCode";

/** What was tried with one pod. Absent = nothing yet. */
export type Attempt =
  | { readonly phase: "posted"; readonly at: number; readonly budget: string; readonly tries: number }
  | { readonly phase: "accepted"; readonly at: number; readonly budget: string }
  | {
      readonly phase: "later";
      readonly until: number;
      readonly budget: string;
      readonly tries: number;
      readonly reason: string;
      /** The call may have succeeded although no answer said so: the pod counts as going. */
      readonly uncertain: boolean;
    }
  /** The server said no for a reason that waiting alone does not heal. Tried again after `until`. */
  | {
      readonly phase: "refused";
      readonly until: number;
      readonly budget: string;
      readonly code: string;
      readonly message: string;
    };

/** A budget's queue without a slot: since when, and since when for this reason. */
export interface Waiting {
  readonly since: number;
  readonly code: Standstill;
  readonly codeSince: number;
}

/** An eviction on its way. */
export interface InFlight {
  readonly uid: string;
  readonly pod: string;
  /** The budget's, when the call was sent; empty for a budget of our own. */
  readonly resourceVersion: string;
  readonly limit: number;
  /** The server has to count it: its pod was Ready, or its budget asks all the same. */
  readonly counted: boolean;
  /** Others of its budget were under way too, so that how long it took says nothing about the server. */
  readonly crowded: boolean;
}

export interface Unseen {
  readonly uid: string;
  readonly pod: string;
  /** When the call was sent, and then when it was answered. */
  readonly at: number;
  /** A word of the budget has come since its pod was seen ending, or gone. */
  readonly toldSinceEnding: boolean;
  /** Its pod needed no slot when the call was sent: it takes one only if it got Ready meanwhile. */
  readonly onlyIfReady: boolean;
}

export interface BudgetMemory {
  readonly inFlight: readonly InFlight[];
  /** Clean answers to come before several calls at once are risked again; absent = they are. */
  readonly care?: number;
  /** Moving average of the time that an eviction without company takes. */
  readonly callMs?: number;
  /** Evictions sent and not refused that the budget's status does not show yet. */
  readonly unseen: readonly Unseen[];
  /** The server refused at this resourceVersion: no attempt before the next one, or before `until` as a safety net. */
  readonly parked?: { readonly resourceVersion: string; readonly until: number };
  /** Times of the last accepted evictions, as many as may be down at once. */
  readonly accepted: readonly number[];
  /** Moving average of the time one slot is taken. */
  readonly cycleMs?: number;
  readonly waiting?: Waiting;
}

export const NO_MEMORY: BudgetMemory = { inFlight: [], unseen: [], accepted: [] };
