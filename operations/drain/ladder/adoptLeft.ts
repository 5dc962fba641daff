import { readRestart } from "../../../core/drain/ladder/restartRecord";
import { PATIENCE_MS } from "../../../core/drain/ladder/situation";
import { readSurge } from "../../../core/drain/ladder/surgeRecord";
import type { Holder } from "../../../core/drain/ladder/target";
import { workloadKey } from "../../../core/drain/world";
import type { KubeClient } from "../../../kube";
import type { LiveLadder } from "./live";

const adopt = (live: LiveLadder, holder: Holder): void => {
  const key = workloadKey(holder);
  const restart = readRestart(holder);
  if (restart !== undefined) live.restarts.set(key, restart.at + PATIENCE_MS);
  const record = readSurge(holder);
  if (record === undefined || record === "lost") return;
  if (record.rung === "surge-first") live.firsts.add(key);
  else if (holder.kind === "Deployment") live.surges.set(key, holder);
};

/** What runs before this one have begun and not ended goes on as if this one had begun it. */
export const adoptLeft = async (live: LiveLadder, kube: KubeClient): Promise<void> => {
  for (const holder of await live.owed.adopt(kube, live.request.run)) adopt(live, holder);
};
