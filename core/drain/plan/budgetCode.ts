/** What a budget means for a drain, in one word. */
export type BudgetCode =
  | "OK"
  | "BUSY"
  | "BLOCKED_BY_SPEC"
  | "UNHEALTHY_DEADLOCK"
  | "MULTIPLE_PDBS"
  | "SYNC_FAILED"
  | "SHARED"
  | "NONE";
