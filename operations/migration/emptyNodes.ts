import { LABEL } from "../../core/identity/names";
import { type Problem, ProblemError } from "../../core/problem";
import { drainNodes, type DrainOutcome } from "../drain/drainNodes";
import type { CloudPorts } from "../ports";

export interface EmptyWanted {
  readonly pool: string;
  /** The generation to leave, machines that join it meanwhile included. */
  readonly from: string;
  readonly percent: number;
  readonly drain: { readonly timeoutSeconds: number; readonly deadlinePerUpSeconds: number };
}

/** Drains one generation's nodes to its share. Anything but "drained" is a refusal with its reasons and the way on. */
export const emptyNodes = async (
  ports: CloudPorts,
  wanted: EmptyWanted,
  signal: AbortSignal,
): Promise<number> => {
  if (wanted.percent === 0) return 0;
  const outcome = await drainNodes(
    { kube: ports.kube, now: ports.now, log: ports.log },
    {
      run: ports.run,
      nodes: { labels: { matchLabels: { [LABEL.generation]: wanted.from } } },
      percent: wanted.percent,
      // Rungs are climbed only for workloads whose owners allow them by annotation.
      ladder: {},
      timeoutSeconds: wanted.drain.timeoutSeconds,
      deadlineSeconds: Math.min(wanted.drain.timeoutSeconds, wanted.drain.deadlinePerUpSeconds),
    },
    signal,
  );
  if (outcome.kind !== "drained")
    throw new ProblemError(`migration ${outcome.kind}`, [notDrained(wanted, outcome)]);
  ports.log(
    `${wanted.from}: ${String(outcome.moved)} pods moved in ${String(Math.round(outcome.seconds))} s`,
  );
  return outcome.moved;
};

const WAY_ON = {
  blocked: "mend what blocks and run `pulumi up` again, or set the pool's version back: blue is opened again",
  paused: "run `pulumi up` again to go on where it stopped, or raise drain.deadlinePerUp",
  rollback: "see what a guard reported, then set the pool's version back: blue is opened again",
  stopped: "run `pulumi up` again to go on, or set the pool's version back",
  lostLease: "another run holds the cluster's lease: let it finish, then run `pulumi up` again",
} as const;

const notDrained = (wanted: EmptyWanted, outcome: Exclude<DrainOutcome, { kind: "drained" }>): Problem => ({
  code: `Migration.${outcome.kind === "lostLease" ? "LostLease" : outcome.kind[0]?.toUpperCase()}${outcome.kind.slice(1)}`,
  path: `pools.${wanted.pool}`,
  message: `${wanted.from} is not empty (${String(outcome.moved)} pods moved): ${outcome.reasons.join("; ")}`,
  fix: WAY_ON[outcome.kind],
});
