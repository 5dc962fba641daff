import type { Contender, Place } from "./contenders";

/** One contender on one pool of a scenario. */
export interface Drive extends Place {
  readonly contender: Contender;
  /** It is ended after so long, finished or not. */
  readonly limitSeconds: number;
}
