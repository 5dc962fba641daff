import type { Contender, Place } from "./contenders";

/** One contender on one pool of a scenario. */
export interface Drive extends Place {
  readonly contender: Contender;
  /** It is ended after so long, finished or not. */
  readonly limitSeconds: number;
  /** Once all is done, so long is waited for the command to come back by itself. */
  readonly returnSeconds: number;
  /** A folder for what the contender said. */
  readonly logs?: string | undefined;
}
