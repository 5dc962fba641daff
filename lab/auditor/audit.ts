import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Connection } from "./connection";
import type { AuditLine, AuditSummary, Gap } from "./format";
import { begin, observe, openCase } from "./judge";
import type { Case } from "./judge";
import { createMerge } from "./merge";
import { RESOURCES } from "./objects";
import type { Resource } from "./objects";
import { openProbeNamespace, removeProbeNamespace, startProbe } from "./probe";
import { summarise } from "./summary";
import { openWatch } from "./watch";
import type { Watch } from "./watch";
import type { Seen } from "./world";

export interface Audit {
  /** Takes a last look, takes away what the auditor made in the cluster, and gives the verdict. */
  stop(): Promise<AuditSummary>;
}

const RELEASE_EVERY_MS = 100;
const SETTLE_MS = 400;
const AWAY_MS = 20_000;

const listFirst = async (watches: readonly Watch[]): Promise<void> => {
  for (const watch of watches) await watch.start();
};

interface Desk {
  readonly open: Case;
  readonly gaps: Gap[];
  readonly merge: ReturnType<typeof createMerge>;
  readonly write: (line: AuditLine) => void;
}

const judgeAll = ({ open, write }: Desk, words: readonly Seen[]): void =>
  words.forEach(seen => observe(open, seen).forEach(write));

const openWatches = (desk: Desk, connection: Connection): readonly Watch[] =>
  (Object.keys(RESOURCES) as Resource[]).map(resource =>
    openWatch(connection, resource, {
      seen: seen => (seen.initial ? judgeAll(desk, [seen]) : desk.merge.push(seen)),
      gap(gap) {
        desk.gaps.push(gap);
        desk.write({ kind: "gap", at: Date.now(), gap });
      },
    }),
  );

const openDesk = (write: (line: AuditLine) => void): Desk => ({
  open: openCase(),
  gaps: [],
  merge: createMerge({ settleMs: SETTLE_MS, awayMs: AWAY_MS }),
  write,
});

/** @returns how to end it: the watches are closed and the last words judged. */
const followAll = (desk: Desk, watches: readonly Watch[]): (() => Promise<void>) => {
  const stopped = new AbortController();
  const following = watches.map(watch => watch.follow(stopped.signal));
  const release = setInterval(() => {
    const connected = watches.every(watch => watch.connected());
    judgeAll(desk, desk.merge.release(Date.now(), connected));
  }, RELEASE_EVERY_MS);
  return async () => {
    stopped.abort();
    await Promise.all(following);
    clearInterval(release);
    judgeAll(desk, desk.merge.drain());
  };
};

/** @throws when the cluster cannot be listed: an audit that starts blind is none. */
export const startAudit = async (
  connection: Connection,
  write: (line: AuditLine) => void,
): Promise<Audit> => {
  const desk = openDesk(write);
  const startedAt = Date.now();
  const namespace = `changeover-audit-${startedAt.toString(36)}-${process.pid}`;
  const watches = openWatches(desk, connection);
  await openProbeNamespace(connection, namespace);
  await listFirst(watches);
  begin(desk.open, Date.now()).forEach(write);
  const endFollowing = followAll(desk, watches);
  const stall = monitorEventLoopDelay({ resolution: 20 });
  stall.enable();
  const probe = startProbe({ connection, namespace, write });
  const { pods, nodes } = desk.open.world;
  write({ kind: "synced", at: Date.now(), pods: pods.size, nodes: nodes.size });
  return {
    async stop() {
      await probe.stop();
      await endFollowing();
      await removeProbeNamespace(connection, namespace).catch(() => undefined);
      return summarise(desk.open, {
        startedAt,
        endedAt: Date.now(),
        gaps: desk.gaps,
        requests: probe.summary(),
        failedRequests: probe.failures(),
        stalledMs: Math.round(stall.max / 1e6),
      });
    },
  };
};
