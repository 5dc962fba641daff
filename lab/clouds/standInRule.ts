/** What a stand-in does because the real thing does it. */
export interface StandInRule {
  readonly rule: string;
  /** The page that states it. */
  readonly source: string;
  /** Kept by the machines behind it: shown by the contract suite, on a lab. Absent = a refusal, met by a test of its own. */
  readonly on?: "machines";
}
