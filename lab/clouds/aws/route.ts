import type { AwsContext } from "./context";

export interface Call {
  readonly context: AwsContext;
  /** Names in the path, in order. */
  readonly names: readonly string[];
  readonly body: unknown;
  readonly query: URLSearchParams;
}

export interface Route {
  readonly action: string;
  readonly method: string;
  readonly path: RegExp;
  readonly answer: (call: Call) => object;
}
