import type { Pool } from "./arena";
import type { Contender } from "./contenders";
import type { Field } from "./field";

/** One contender on one pool of a scenario. */
export interface Drive {
  readonly field: Field;
  readonly pool: Pool;
  readonly contender: Contender;
}
