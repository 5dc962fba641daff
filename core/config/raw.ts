/** A block of config as the file has it, before anything is known of it. */
export type Raw = Readonly<Record<string, unknown>>;

/** What is no block has no keys. */
export const asRaw = (value: unknown): Raw =>
  typeof value === "object" && value !== null ? (value as Raw) : {};
