import { RESTARTED_AT } from "../../../core/drain/ladder/names";
import type { ClimbAction } from "../../../core/drain/ladder/situation";
import { assertNever } from "../../../core/result";
import type { KubeClient } from "../../../kube";
import { recordForced } from "./forced";
import { writeRestart, writeSurge } from "./patchHolder";
import { deleteUnreadyPods, forcePod } from "./pods";
import { revertOne } from "./revert";

export interface Hands {
  readonly kube: KubeClient;
  readonly run: string;
  readonly now: number;
}

/** Does what one rung decided. False when it turned out that there was nothing to do. Throws a conflict when the object moved. */
export const perform = async ({ kube, run, now }: Hands, action: ClimbAction): Promise<boolean> => {
  switch (action.kind) {
    case "surge":
      await writeSurge(kube, action.holder, { value: action.record.surge, record: action.record });
      return true;
    case "revert":
      await revertOne(kube, action.holder);
      return true;
    case "restart":
      await writeRestart(kube, action.target, { run, now, annotation: RESTARTED_AT });
      return true;
    case "deleteUnhealthy":
      return (await deleteUnreadyPods(kube, action.pods)).length > 0;
    case "force":
      await recordForced(kube, action.pod.node, { budget: action.budget, now });
      return forcePod(kube, action.pod, action.graceSeconds);
    default:
      return assertNever(action);
  }
};
