import type { WorkloadFact } from "../../../core/drain/facts";
import { findFirst, firstPodsOf } from "../../../core/drain/ladder/findFirst";
import type { FirstFacts, FirstStep } from "../../../core/drain/ladder/first/step";
import { permissionFor } from "../../../core/drain/ladder/hold";
import { nextFirstStep } from "../../../core/drain/ladder/surgeFirst";
import { bearsSurge, type SurgeRecord } from "../../../core/drain/ladder/surgeRecord";
import { AMPLE } from "../../../core/drain/ladder/surgeRoom";
import type { Target } from "../../../core/drain/ladder/target";
import { assertNever } from "../../../core/result";
import { workloadCalled, workloadKey } from "../../../core/drain/world";
import { type LiveLadder, judgeFailure, memoryOf, release, type Round } from "./live";
import { dropRecords, writeSurge } from "./patchHolder";
import { markPods, unmarkPods } from "./pods";

/** Nothing that the watches don't show is older than this when it is decided by. */
const FRESH_MS = 5_000;

const factsOf = (live: LiveLadder, round: Round, workload: WorkloadFact) => {
  const key = workloadKey(workload);
  const pods = firstPodsOf(workload, round.state, round.survey);
  return (target: Target, room = AMPLE): FirstFacts => ({
    target,
    pods,
    room,
    named: permissionFor(round.state, workload)?.get("surge-first") === "named",
    since: memoryOf(live, key).since,
    run: live.request.run,
    now: live.now(),
  });
};

/** True when what is remembered of it already says that there is only to wait. */
const isWaiting = (
  live: LiveLadder,
  workload: WorkloadFact,
  facts: (target: Target) => FirstFacts,
): boolean => {
  const { target } = memoryOf(live, workloadKey(workload));
  if (target === undefined || live.now() - target.at >= FRESH_MS) return false;
  if (target.value.replicas !== workload.desired) return false;
  const step = nextFirstStep(facts(target.value));
  return step.kind === "wait" && step.looks !== true;
};

const clear = async (live: LiveLadder, { target, pods }: FirstFacts): Promise<void> => {
  await unmarkPods(
    live.kube,
    pods.filter(({ marked, gone }) => marked && !gone),
  );
  if (bearsSurge(target)) await dropRecords(live.kube, target);
  live.owed.settle(target);
};

const act = async (
  live: LiveLadder,
  { workload, facts }: { readonly workload: WorkloadFact; readonly facts: FirstFacts },
  step: FirstStep,
): Promise<void> => {
  const key = workloadKey(workload);
  // Noted before the call: one whose answer is lost may have been made.
  if (step.kind === "scale" || step.kind === "record") live.owed.add(facts.target);
  switch (step.kind) {
    case "scale":
      await writeSurge(live.kube, facts.target, { value: step.to, record: step.record });
      return live.chronicle.tell(workload, "surge-first", step.why);
    case "record":
      return writeSurge(live.kube, facts.target, { value: facts.target.replicas, record: step.record });
    case "mark":
      return markPods(live.kube, step.pods);
    case "wait":
      memoryOf(live, key).target = { at: live.now(), value: facts.target };
      return;
    case "done":
      await clear(live, facts);
      live.firsts.delete(key);
      return;
    case "leave":
      await clear(live, facts);
      live.firsts.delete(key);
      live.chronicle.note(workload, `no surge-first, it goes by eviction: ${step.code}: ${step.why}`);
      release(live, key);
      return;
    default:
      return assertNever(step);
  }
};

interface Subject {
  readonly round: Round;
  readonly workload: WorkloadFact;
}

interface Reading {
  readonly facts: ReturnType<typeof factsOf>;
  readonly target: Target;
}

/** The record of a wave that begins, be it that its pods are marked first or that its number goes up. */
const beginning = (step: FirstStep): SurgeRecord | undefined => {
  if (step.kind === "record") return step.record;
  return step.kind === "scale" && step.record.wave?.phase === "up" ? step.record : undefined;
};

/** Only a wave that is about to begin asks for room. */
const withRoom = async (
  live: LiveLadder,
  { round, workload }: Subject,
  { facts, target }: Reading,
): Promise<FirstFacts> => {
  const ample = facts(target);
  const record = beginning(nextFirstStep(ample));
  if (record === undefined) return ample;
  return facts(target, await live.rooms.ask(round, workload, record.surge - (record.baseline ?? 0)));
};

const stepFor = async (live: LiveLadder, round: Round, workload: WorkloadFact): Promise<void> => {
  const facts = factsOf(live, round, workload);
  if (isWaiting(live, workload, facts)) return;
  const memory = memoryOf(live, workloadKey(workload));
  delete memory.target;
  const target = await live.read(workload);
  if (target === undefined) {
    live.firsts.delete(workloadKey(workload));
    return;
  }
  const fresh = await withRoom(live, { round, workload }, { facts, target });
  if (!live.mayAct()) return;
  await act(live, { workload, facts: fresh }, nextFirstStep(fresh));
  memory.failures = 0;
};

const trySteps = async (live: LiveLadder, round: Round, workload: WorkloadFact): Promise<void> => {
  const key = workloadKey(workload);
  try {
    await stepFor(live, round, workload);
  } catch (error) {
    const verdict = judgeFailure(memoryOf(live, key), error);
    if (verdict === undefined) return;
    live.firsts.delete(key);
    live.chronicle.note(workload, `no surge-first, it goes by eviction: ${verdict}`);
    release(live, key);
  }
};

/** Those that were begun go on to their end, also when nothing of them is left on blue. */
const subjectsOf = (live: LiveLadder, { state, survey }: Round): readonly WorkloadFact[] => {
  for (const workload of findFirst(state, survey)) live.firsts.add(workloadKey(workload));
  return [...live.firsts]
    .map(key => workloadCalled(key, state.world))
    .filter(workload => workload !== undefined);
};

const AT_ONCE = 10;

/** One step for every Deployment that gets its successors first. */
export const firstRound = async (live: LiveLadder, round: Round): Promise<void> => {
  const subjects = subjectsOf(live, round);
  for (let start = 0; start < subjects.length; start += AT_ONCE)
    await Promise.all(
      subjects.slice(start, start + AT_ONCE).map(workload => trySteps(live, round, workload)),
    );
};
