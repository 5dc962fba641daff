import type { Guard } from "../../core/drain/guards";
import { credentialsGuard, windowGuard } from "../../core/drain/guards/outside";
import type { LeaseKeeper } from "../../kube";
import type { DrainRequest } from "./request";
import type { Watches } from "./watches";

const leaseGuard = (keeper: LeaseKeeper): Guard => {
  if (keeper.lost.aborted) {
    const reason = keeper.lost.reason instanceof Error ? keeper.lost.reason.message : "lost";
    return { name: "lease", state: "closed", then: "lostLease", reason };
  }
  if (keeper.valid()) return { name: "lease", state: "open", then: "lostLease" };
  return { name: "lease", state: "unknown", then: "hold", reason: "it could not be renewed in time" };
};

const stopGuard = (reason: string | undefined): Guard =>
  reason === undefined
    ? { name: "stop switch", state: "open", then: "stop" }
    : {
        name: "stop switch",
        state: "closed",
        then: "stop",
        reason: reason === "" ? "no reason given" : reason,
      };

const watchGuard = (stale: string | undefined): Guard =>
  stale === undefined
    ? { name: "watches", state: "open", then: "hold" }
    : { name: "watches", state: "unknown", then: "hold", reason: stale };

const outsideGuards = ({ window, credentialsEnd }: DrainRequest, now: number): readonly Guard[] => [
  ...(window === undefined ? [] : [windowGuard(window, now)]),
  ...(credentialsEnd === undefined ? [] : [credentialsGuard(credentialsEnd(), now)]),
];

/** What may forbid evictions that the engine cannot see in the cluster's workloads. */
export const guardsOf = (
  { keeper, request }: { readonly keeper: LeaseKeeper; readonly request: DrainRequest },
  watches: Watches,
  now: number,
): readonly Guard[] => [
  leaseGuard(keeper),
  stopGuard(watches.stopReason()),
  watchGuard(watches.stale()),
  ...outsideGuards(request, now),
  ...(request.guards?.() ?? []),
];
