import { type Climb, climb } from "../../../core/drain/ladder/climb";
import { findStuck, type StuckWorkload } from "../../../core/drain/ladder/findStuck";
import { PATIENCE_MS, type Situation } from "../../../core/drain/ladder/situation";
import { findHolder, type Target } from "../../../core/drain/ladder/target";
import { workloadKey } from "../../../core/drain/world";
import { lastForced } from "./forced";
import { judgeFailure, type LiveLadder, memoryOf, release, type Round } from "./live";
import { perform } from "./perform";

const forcedAt = async (
  live: LiveLadder,
  { stuck, permission }: StuckWorkload,
): Promise<number | undefined> => {
  if (!permission.has("force") || stuck.code === "SINGLE") return undefined;
  if (!live.forced.has(stuck.key))
    live.forced.set(stuck.key, (await lastForced(live.kube, stuck.key)) ?? null);
  return live.forced.get(stuck.key) ?? undefined;
};

/** The other rungs deal with pods and do not ask how the workload is made. */
const needsTarget = ({ workload, permission }: StuckWorkload): boolean =>
  workload.kind === "Deployment" && (permission.has("surge") || permission.has("rollout-restart"));

const situationOf = async (live: LiveLadder, round: Round, subject: StuckWorkload): Promise<Situation> => {
  const { stuck, workload, permission } = subject;
  const { lastAt, spent } = memoryOf(live, workloadKey(workload));
  const target = needsTarget(subject) ? await live.read(workload) : undefined;
  const forced = await forcedAt(live, subject);
  return {
    ...{ stuck, permission, force: round.force, run: live.request.run, now: live.now() },
    memory: { spent, ...(lastAt === undefined ? {} : { lastAt }) },
    ...(target === undefined ? {} : { target }),
    ...(forced === undefined ? {} : { lastForced: forced }),
  };
};

type Act = Extract<Climb, { kind: "act" }>;

const remember = (live: LiveLadder, subject: StuckWorkload, { action, rung }: Act): void => {
  const key = workloadKey(subject.workload);
  const memory = memoryOf(live, key);
  memory.lastAt = live.now();
  if (action.kind === "revert") memory.spent.add(rung);
  if (action.kind === "revert") live.surges.delete(key);
  if (action.kind === "surge") live.surges.set(key, action.holder);
  if (action.kind === "surge") live.owed.add(action.holder);
  if (action.kind === "restart") {
    live.owed.add(action.target);
    live.restarts.set(key, live.now() + PATIENCE_MS);
  }
  if (action.kind === "force") live.forced.set(action.budget, live.now());
};

const act = async (live: LiveLadder, subject: StuckWorkload, step: Act): Promise<void> => {
  if (!live.mayAct()) return;
  // Noted before the call: one whose answer is lost may have been made.
  remember(live, subject, step);
  const done = await perform({ kube: live.kube, run: live.request.run, now: live.now() }, step.action);
  if (done) await live.chronicle.tell(subject.workload, step.rung, step.why);
};

/** A surge of a former run, or of one whose answer was lost, is looked after too. */
const adopt = (live: LiveLadder, key: string, target: Target | undefined): void => {
  const holder = target === undefined ? undefined : findHolder(target);
  if (holder !== undefined && live.owed.has(holder)) live.surges.set(key, holder);
};

const notes = ({ refusals }: Climb): string =>
  refusals.map(({ rung, code, why }) => `${rung} does not help: ${code}: ${why}`).join("; ");

interface Case {
  readonly subject: StuckWorkload;
  readonly situation: Situation;
}

/** How many more pods there will be for a while. */
const moreBy = (decision: Climb, { target }: Situation): number => {
  if (decision.kind !== "act") return 0;
  const { action } = decision;
  if (action.kind === "restart") return action.more;
  return action.kind === "surge" ? action.record.surge - (target?.replicas ?? 0) : 0;
};

/** Only a surge or a rollout that is about to begin asks for room. */
const climbWithRoom = async (
  live: LiveLadder,
  round: Round,
  { subject, situation }: Case,
): Promise<Climb> => {
  const decision = climb(situation);
  const more = moreBy(decision, situation);
  return more < 1
    ? decision
    : climb({ ...situation, room: await live.rooms.ask(round, subject.workload, more) });
};

const step = async (
  live: LiveLadder,
  round: Round,
  subject: StuckWorkload,
): Promise<"exhausted" | "goesOn"> => {
  const key = workloadKey(subject.workload);
  const situation = await situationOf(live, round, subject);
  const decision = await climbWithRoom(live, round, { subject, situation });
  if (decision.refusals.length > 0) live.chronicle.note(subject.workload, notes(decision));
  if (decision.kind === "act") await act(live, subject, decision);
  if (decision.kind === "wait" && decision.code === "SURGED") adopt(live, key, situation.target);
  memoryOf(live, key).failures = 0;
  return decision.kind === "exhausted" ? "exhausted" : "goesOn";
};

const tryStep = async (
  live: LiveLadder,
  round: Round,
  subject: StuckWorkload,
): Promise<"exhausted" | "goesOn"> => {
  try {
    return await step(live, round, subject);
  } catch (error) {
    const verdict = judgeFailure(memoryOf(live, workloadKey(subject.workload)), error);
    if (verdict === undefined) return "goesOn";
    live.chronicle.note(subject.workload, verdict);
    return "exhausted";
  }
};

/** One step for every workload that is stuck. Returns the lanes and pods for which no rung is left. */
export const stuckRound = async (live: LiveLadder, round: Round): Promise<ReadonlySet<string>> => {
  const exhausted = new Set<string>();
  const hopeful = new Set<string>();
  // One after the other: what one does may be what the next of the same budget waits for.
  for (const subject of findStuck(round.state, round.survey)) {
    const fate = await tryStep(live, round, subject);
    (fate === "exhausted" ? exhausted : hopeful).add(subject.stuck.key);
    if (fate === "exhausted" && subject.stuck.code === "SINGLE") release(live, workloadKey(subject.workload));
  }
  return new Set([...exhausted].filter(key => !hopeful.has(key)));
};
