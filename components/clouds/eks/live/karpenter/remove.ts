import type { Problem } from "../../../../../core/problem";
import { isKubeError, type KubeClient } from "../../../../../kube";
import type { Ports } from "../../../../../operations/ports";
import { type Look, waitFor } from "../../../../../operations/wait";
import { deleteObject, leaves, listClaims, type LiveNodeClaim, MANAGER, PATH, readObject } from "./objects";
import { servesKarpenter } from "./served";
import { settleLast } from "./siblings";
import { bringTo } from "./state";

interface Gone {
  readonly pool: string;
  readonly generation: string;
}

type GatePorts = Ports & { readonly signal: AbortSignal };

const GONE_SECONDS = 900;

/** Machines first, then the pool that would refill them, then the class without which none can be ended. */
export const removeMachines = async (ports: GatePorts, gone: Gone): Promise<void> => {
  const { kube, signal } = ports;
  const { generation } = gone;
  if (!(await servesKarpenter(kube, signal))) return;
  await bringTo(kube, { name: generation, standing: "closed" }, signal);
  await until(ports, gone, () => lookAtClaims(kube, generation, signal));
  for (const path of [`${PATH.pools}/${generation}`, `${PATH.classes}/${generation}`]) {
    await deleteObject(kube, path, signal);
    await until(ports, gone, () => lookAtObject(kube, path, signal));
  }
  await settleLast(kube, gone, signal);
};

const until = ({ now, log, signal }: GatePorts, gone: Gone, look: () => Promise<Look<true>>): Promise<true> =>
  waitFor(look, {
    ...{ now, log, signal, deadlineSeconds: GONE_SECONDS },
    problem: missing => stays(gone, missing),
  });

/** Each look asks again: a claim that Karpenter was just making would stay. */
const lookAtClaims = async (
  kube: KubeClient,
  generation: string,
  signal: AbortSignal,
): Promise<Look<true>> => {
  const claims = await listClaims(kube, generation, signal);
  for (const claim of claims) await end(kube, claim, signal);
  return claims.length === 0
    ? { done: true }
    : { missing: `${String(claims.length)} machines of ${generation} to end` };
};

/** Karpenter's own mark of a deadline for a machine's drain: kubernetes-sigs/karpenter, node/termination/controller.go. */
const DEADLINE = "karpenter.sh/nodeclaim-termination-timestamp";

/**
 * The drain is behind us: its interlock let the generation go. Where none asked, the whole cluster is destroyed, and a
 * budget that nothing can satisfy any more would hold it for ever. So Karpenter gets no time for a drain of its own.
 */
const end = async (kube: KubeClient, claim: LiveNodeClaim, signal: AbortSignal): Promise<void> => {
  const { metadata } = claim;
  if (leaves(claim) && Date.parse(metadata.annotations?.[DEADLINE] ?? "") <= Date.now()) return;
  const path = `${PATH.claims}/${metadata.name}`;
  const body = { metadata: { annotations: { [DEADLINE]: new Date().toISOString() } } };
  try {
    await kube.request({ method: "PATCH", path, query: MANAGER, body, signal, repeatable: true });
  } catch (error) {
    if (!isKubeError(error, "notFound")) throw error;
  }
  await deleteObject(kube, path, signal);
};

const lookAtObject = async (kube: KubeClient, path: string, signal: AbortSignal): Promise<Look<true>> =>
  (await readObject(kube, path, signal)) === undefined
    ? { done: true }
    : { missing: `the end of ${path.split("/").slice(-2).join("/")}` };

const stays = ({ pool, generation }: Gone, missing: string): Problem => ({
  code: "Karpenter.MachinesStay",
  path: `pools.${pool}`,
  message: `after ${GONE_SECONDS} s still waiting for ${missing}`,
  fix: `look at \`kubectl describe nodeclaims -l karpenter.sh/nodepool=${generation}\` and at Karpenter's log, then run \`pulumi up\` again: without a Karpenter that runs nobody ends them`,
  source: "https://karpenter.sh/docs/troubleshooting/",
});
