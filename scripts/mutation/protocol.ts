/** Everything a worker may load, by absolute path, as it was when the run began: edits meanwhile change nothing. */
export interface Sources {
  readonly root: string;
  readonly files: Readonly<Record<string, string>>;
}

/** One file with another text, and the tests that may notice. An empty file name = nothing is changed. */
export interface Task {
  readonly file: string;
  readonly text: string;
  readonly tests: readonly string[];
}

export interface Verdict {
  readonly killedBy?: string;
  readonly failure?: string;
  /** Files that each test file loaded. */
  readonly touched: Readonly<Record<string, readonly string[]>>;
}
