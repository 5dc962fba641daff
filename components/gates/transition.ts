/** What one `up` sets out to reach. Gates that latch compare it with the live cluster before they call it done. */
export interface Transition {
  /** Desired control-plane version as written: "1.36" or "1.36.4". */
  readonly version: string;
  readonly stage: "emulated" | "final";
  /** Pool name → id of the generation that shall be active. */
  readonly generations: Readonly<Record<string, string>>;
}
