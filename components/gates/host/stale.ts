import { isTransitionComplete } from "../../../core/upgrade/complete";
import type { PoolRecord } from "../../../core/upgrade/ledger";
import type { KubeClient } from "../../../kube";
import { readLedger } from "../../../operations/ledger/store";
import { observeCluster } from "../../../operations/observe/cluster";
import type { Transition } from "../transition";
import type { GateContext } from "./runtime";

/** Without a cluster there is nothing that could be up to date. */
export const whereThere = async (
  context: GateContext,
  judge: (kube: KubeClient) => Promise<boolean>,
): Promise<boolean> => {
  const kube = await context.reach();
  return kube === "absent" || judge(kube);
};

/** Gates latch: on a retry what succeeded would not run again. While a transition is pending it must. */
export const isPending = (transition: Transition, context: GateContext): Promise<boolean> =>
  whereThere(
    context,
    async kube => !isTransitionComplete(await observeCluster(kube, context.signal), transition),
  );

type Proof = "migrated" | "validated" | "soaked" | "completed";

/** The cluster is the truth: a step whose proof is not in the ledger for this epoch is not done, whatever state says. */
export const isUnproven = (
  pool: string,
  wanted: { proof: Proof; epoch: number },
  context: GateContext,
): Promise<boolean> =>
  whereThere(context, async kube => {
    const record: PoolRecord | undefined = (await readLedger(kube, context.signal)).pools[pool];
    return record?.[wanted.proof] !== wanted.epoch;
  });
