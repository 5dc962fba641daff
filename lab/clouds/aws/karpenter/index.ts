import { setTimeout as pause } from "node:timers/promises";
import { type KubeClient, openKube } from "../../../../kube";
import { labKubeconfig } from "../../../lab";
import type { AwsContext } from "../context";
import { settleClass } from "./classes";
import { applyDefinitions } from "./definitions";
import { disrupt, type EmptySince } from "./disrupt";
import { launch, type Place, terminate } from "./machines";
import { look, type NodeClaim, type Seen } from "./objects";
import { annotate, provision } from "./provision";

const ROUND_MS = 300;

const settleClaim = (
  kube: KubeClient,
  claim: NodeClaim,
  round: { readonly seen: Seen; readonly place: Place },
): Promise<void> =>
  claim.metadata.deletionTimestamp === undefined ? launch(kube, claim, round) : terminate(kube, claim, round);

const goRound = async (kube: KubeClient, place: Place, since: EmptySince): Promise<void> => {
  const seen = await look(kube, place.signal);
  for (const one of seen.classes) await settleClass(kube, one, { seen, context: place.context });
  for (const one of seen.pools) await annotate(kube, one);
  for (const one of seen.claims) await settleClaim(kube, one, { seen, place });
  await provision(kube, seen);
  for (const one of seen.pools) await disrupt(kube, one, { seen, since });
};

/** A control plane that moves does not answer for a while, and writers meet: the next round goes on. */
const run = async (kube: KubeClient, place: Place): Promise<void> => {
  const { lab, signal } = place;
  const since: EmptySince = new Map();
  while (!signal.aborted && labKubeconfig(lab) !== undefined) {
    await goRound(kube, place, since).catch(() => undefined);
    await pause(ROUND_MS, undefined, { signal }).catch(() => undefined);
  }
  await kube.close();
};

/**
 * Stands in for Karpenter in a lab: it is none. It makes simulated machines for NodeClaims and for pods that wait, and
 * takes them away, by the rules in rules.ts, until the stand-in for AWS or the lab ends.
 */
export const startStandInKarpenter = async (lab: string, context: AwsContext): Promise<void> => {
  const kube = await openKube({ kubeconfig: labKubeconfig(lab) ?? "" });
  await applyDefinitions(kube);
  context.background.start(signal => run(kube, { lab, context, signal }));
};
