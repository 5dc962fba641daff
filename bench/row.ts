/** One line of the table: what was measured, how often, and what it should be. */
export interface Row {
  readonly what: string;
  readonly unit: "s" | "MB" | "×" | "";
  /** One value a round. */
  readonly values: readonly number[];
  /** The most that is good enough; absent where a row is there to be compared with. */
  readonly atMost?: number;
  /** Why there is no value at all. */
  readonly missing?: string;
}

/** What every measurement is handed. */
export interface Bench {
  /** Folder that is removed at the end. */
  readonly scratch: string;
  readonly rounds: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

export type Measurement = (bench: Bench) => Promise<readonly Row[]>;

/** Round by round quotients: what both met in the same round on the same machine cancels out. */
export const ratioRow = (what: string, of: readonly [upper: Row, lower: Row], atMost?: number): Row => {
  const values = of[0].values.map((value, round) => value / (of[1].values[round] ?? Number.NaN));
  return { what, unit: "×", values, ...(atMost === undefined ? {} : { atMost }) };
};
