import { setTimeout as delay } from "node:timers/promises";
import { KINDS, objectPath, type PodView } from "../../kube";
import { LABEL } from "../../core/identity/names";
import type { Pool } from "./arena";
import { type Field, inBatches, podsOn } from "./field";
import { podsOf, type Scenario } from "./scenario";
import { watchPods } from "./watchPods";

/** What the platform itself takes when nobody asks a budget: all pods deleted at once. Seconds. */
export interface Baseline {
  readonly emptySeconds: number;
  readonly wholeSeconds: number;
}

const LOOK_EVERY_MS = 50;
const MS_PER_POD = 200;
const LEAST_MS = 60_000;

/** What one pod takes of it, whatever else goes on. */
export const longestPaceSeconds = ({ workloads }: Scenario): number =>
  Math.max(
    ...workloads.map(({ kind, pace: { startMs, readyMs, stopMs } }) => {
      const fresh = startMs + readyMs;
      return (kind === "StatefulSet" ? stopMs + fresh : Math.max(stopMs, fresh)) / 1_000;
    }),
  );

const remove = async (field: Field, { namespace, name }: PodView): Promise<void> => {
  const path = objectPath(KINDS.pods, { namespace, name });
  await field.arena.kube.request({ method: "DELETE", path });
};

export const measureBaseline = async (field: Field, pool: Pool): Promise<Baseline> => {
  const { arena, scenario } = field;
  await arena.kubectl("cordon", "--selector", `${LABEL.generation}=${pool.generation}`);
  const startedAt = performance.now();
  const { ledger, stop } = watchPods(field, pool, startedAt);
  const deadline = startedAt + LEAST_MS + MS_PER_POD * podsOf(scenario);
  await inBatches(podsOn(field, pool), pod => remove(field, pod));
  for (;;) {
    const { emptyAt, wholeAt } = ledger.read(performance.now());
    if (emptyAt !== undefined && wholeAt !== undefined) {
      stop();
      return { emptySeconds: (emptyAt - startedAt) / 1_000, wholeSeconds: (wholeAt - startedAt) / 1_000 };
    }
    arena.bench.signal.throwIfAborted();
    if (performance.now() > deadline) throw new Error("the platform did not replace all pods in time");
    await delay(LOOK_EVERY_MS);
  }
};
