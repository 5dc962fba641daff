import type { PodView } from "../../kube";
import type { Pool } from "./arena";
import type { Field } from "./field";
import { type Ledger, openLedger, type Sighting, type Subject } from "./ledger";
import { workloadNameOf } from "./manifests";
import { roomOf, type Scenario } from "./scenario";

/** What a ledger has to know of a scenario. */
export const subjectsOf = ({ workloads }: Scenario): readonly Subject[] =>
  workloads.map(workload => {
    const room = roomOf(workload);
    return {
      workload: workload.name,
      desired: workload.replicas,
      stays: workload.blocked === true,
      ...(room === undefined ? {} : { floor: workload.replicas - room }),
    };
  });

const sightingOf = ({ uid, labels, node, ready, deletionTimestamp }: PodView): Sighting => ({
  uid,
  workload: workloadNameOf(labels),
  node,
  ready,
  going: deletionTimestamp !== undefined,
});

export interface Watched {
  readonly ledger: Ledger;
  readonly stop: () => void;
}

/** Follows a field from outside of whoever drains it. Times are `performance.now()`. */
export const watchPods = (field: Field, pool: Pool, at: number): Watched => {
  const ledger = openLedger({
    at,
    subjects: subjectsOf(field.scenario),
    blue: new Set(pool.nodes),
    pods: [...field.pods.snapshot().values()].map(sightingOf),
  });
  const stop = field.pods.onChange(({ kind, object }) => {
    if (kind === "gone") ledger.gone(performance.now(), object.uid);
    else ledger.see(performance.now(), sightingOf(object));
  });
  return { ledger, stop };
};
