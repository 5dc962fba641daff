/** Why a budget whose pods wait has no slot. */
export type Standstill = "UNOBSERVED" | "SYNC_FAILED" | "BLOCKED_BY_SPEC" | "UNHEALTHY_DEADLOCK" | "BUSY";
