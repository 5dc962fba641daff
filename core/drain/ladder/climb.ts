import { forceRung } from "./rungs/force";
import { restartRung } from "./rungs/restart";
import { surgeRung } from "./rungs/surge";
import { unhealthyRung } from "./rungs/unhealthy";
import type { RefusalCode } from "./refusalCode";
import { type Rung, RUNGS } from "./rules";
import type { ClimbAction, RungVerdict, Situation } from "./situation";

/** Why one rung was passed over. */
export interface Refusal {
  readonly rung: Rung;
  readonly code: RefusalCode;
  readonly why: string;
}

export type Climb = { readonly refusals: readonly Refusal[] } & (
  | { readonly kind: "act"; readonly rung: Rung; readonly action: ClimbAction; readonly why: string }
  /** `until`: when time alone may change it; absent = when something in the cluster does. */
  | {
      readonly kind: "wait";
      readonly rung: Rung;
      readonly code: string;
      readonly why: string;
      readonly until?: number;
    }
  /** No rung that is allowed helps. */
  | { readonly kind: "exhausted" }
);

const RUNG: Readonly<Record<Rung, (situation: Situation) => RungVerdict>> = {
  surge: surgeRung,
  "rollout-restart": restartRung,
  "evict-unhealthy": unhealthyRung,
  force: forceRung,
};

/** The next step for one workload that is stuck: the mildest rung that it is opted in to and that can help. */
export const climb = (situation: Situation): Climb => {
  const refusals: Refusal[] = [];
  for (const rung of RUNGS) {
    if (!situation.permission.has(rung)) continue;
    const verdict = RUNG[rung](situation);
    if (verdict.kind !== "skip") return { ...verdict, rung, refusals };
    refusals.push({ rung, code: verdict.code, why: verdict.why });
  }
  return { kind: "exhausted", refusals };
};
