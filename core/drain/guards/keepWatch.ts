import type { PodFact } from "../facts";
import type { Guard } from "../guards";
import type { DrainState, Watch } from "../state";
import type { Survey } from "../surveyed";
import { fullName } from "../world";
import { type Ailment, diagnose } from "./ailment";
import { type Gate, guardOf, OPEN, type SentryRules, turnGate } from "./gate";
import { SENTRIES } from "./sentries";

interface Patient {
  readonly pod: PodFact;
  readonly workload: string | undefined;
  readonly wasReady: boolean;
  readonly before: Ailment | undefined;
}

const ailmentOf = ({ pod, workload, wasReady, before }: Patient, now: number): Ailment | undefined => {
  const diagnosis = diagnose(pod, wasReady);
  if (diagnosis === undefined) return undefined;
  const since = before?.kind === diagnosis.kind ? before.since : now;
  return { ...diagnosis, pod: fullName(pod), since, ...(workload === undefined ? {} : { workload }) };
};

/** A pod made since the start and not on blue: a replacement, or what else the cluster makes meanwhile. */
const examined = (state: DrainState, survey: Survey, uid: string): Watch => {
  const { watch, world } = state;
  const pod = world.pods.get(uid);
  if (pod === undefined || pod.createdAt < state.startedAt || survey.places.has(uid))
    return { ...watch, ailing: watch.ailing.without(uid), wasReady: watch.wasReady.without(uid) };
  const wasReady = pod.ready ? watch.wasReady.with(uid, true) : watch.wasReady;
  const patient = {
    pod,
    workload: survey.tallied.get(uid)?.key,
    wasReady: wasReady.has(uid),
    before: watch.ailing.get(uid),
  };
  const ailment = ailmentOf(patient, state.now);
  const ailing = ailment === undefined ? watch.ailing.without(uid) : watch.ailing.with(uid, ailment);
  return { ...watch, wasReady, ailing };
};

const notePreempted = (state: DrainState, survey: Survey, uid: string): Watch => {
  const { watch, world, startedAt } = state;
  const pod = world.pods.get(uid);
  if (pod?.preempted !== true || survey.places.has(uid)) return watch;
  const at = pod.deletingSince ?? state.now;
  return at < startedAt ? watch : { ...watch, preemptedAt: Math.max(watch.preemptedAt, at) };
};

/** A node that was Ready once and is so no more. */
const noteNode = ({ watch, world, now }: DrainState, name: string): Watch => {
  const node = world.nodes.get(world.nodeNames.get(name) ?? "");
  if (node === undefined)
    return {
      ...watch,
      readyNodes: watch.readyNodes.without(name),
      unreadySince: watch.unreadySince.without(name),
    };
  if (node.ready)
    return {
      ...watch,
      readyNodes: watch.readyNodes.with(name, true),
      unreadySince: watch.unreadySince.without(name),
    };
  if (!watch.readyNodes.has(name) || watch.unreadySince.has(name)) return watch;
  return { ...watch, unreadySince: watch.unreadySince.with(name, now) };
};

const notice = (state: DrainState, survey: Survey): DrainState => {
  let seen = state;
  for (const uid of survey.news.pods) {
    seen = { ...seen, watch: examined(seen, survey, uid) };
    seen = { ...seen, watch: notePreempted(seen, survey, uid) };
  }
  for (const name of survey.news.nodes) seen = { ...seen, watch: noteNode(seen, name) };
  return seen;
};

const turnAll = (state: DrainState, survey: Survey): Watch["gates"] => {
  const turned: Record<string, Gate> = {};
  for (const { name, steadyMs, read } of SENTRIES)
    turned[name] = turnGate(state.watch.gates[name] ?? OPEN, read(state, survey), {
      now: state.now,
      steadyMs,
    });
  return turned;
};

const sentryGuards = ({ watch, now }: DrainState, rules: SentryRules): readonly Guard[] =>
  Object.entries(watch.gates).map(([name, gate]) => guardOf(name, gate, { rules, now }));

/** Looks at the cluster through every sentry, so that the same look that shows trouble ends the evictions. */
export const keepWatch = (state: DrainState, survey: Survey): DrainState => {
  const { sentries } = state.spec;
  if (sentries === undefined) return state;
  const seen = notice(state, survey);
  const watched = { ...seen, watch: { ...seen.watch, gates: turnAll(seen, survey) } };
  return { ...watched, guards: [...watched.watch.told, ...sentryGuards(watched, sentries)] };
};

/** Guards of others replace those told before; what the sentries saw stays. */
export const hearGuards = (state: DrainState, told: readonly Guard[]): DrainState => {
  const watch = { ...state.watch, told };
  const own = state.spec.sentries === undefined ? [] : sentryGuards(state, state.spec.sentries);
  return { ...state, watch, guards: [...told, ...own] };
};
