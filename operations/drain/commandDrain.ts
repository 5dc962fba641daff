import { allowedWishes } from "../../core/drain/ladder/permission";
import type { DrainPlan } from "../../core/drain/plan/plan";
import type { NodeSelector } from "../../core/drain/scope";
import { type KubeClient, listNodes } from "../../kube";
import { checkAccess } from "./access";
import type { CommandPorts, CommandResult, CommandSteps, DrainCommand } from "./commandContract";
import { drainNodes, type DrainRequest } from "./drainNodes";
import { fenceNodes, openFence } from "./fence";
import { asGivenBack, giveBack, markedNodes } from "./giveBack";
import type { Extras } from "../../core/drain/grants";
import { revertSurges } from "./ladder";
import { holdLease } from "./lease";
import { readPlan } from "./plan";
import { tryEvictions } from "./trialEvictions";

export type { CommandPorts, CommandResult, DrainCommand } from "./commandContract";

const STEPS: CommandSteps = { readPlan, drainNodes };

const isFatal = (plan: DrainPlan): boolean => plan.findings.some(({ severity }) => severity === "fatal");

interface Job {
  readonly ports: CommandPorts;
  readonly command: DrainCommand;
}

/** Under the lease of this run, or an answer that says who has it. */
const underLease = async (
  { ports, command }: Job,
  work: () => Promise<CommandResult>,
  signal: AbortSignal,
): Promise<CommandResult> => {
  const wish = { holder: command.run, waitMs: command.leaseWaitMs, log: ports.log };
  const lease = await holdLease(ports.kube, wish, signal);
  if (lease.kind === "busy") return { kind: "held", reason: lease.reason };
  if (lease.kind === "aborted") return { kind: "stopped", reason: "stopped before anything was changed" };
  try {
    return await work();
  } finally {
    await lease.release();
  }
};

const abort = async (job: Job, signal: AbortSignal): Promise<CommandResult> => {
  const { kube } = job.ports;
  const selector = job.command.nodes;
  if (job.command.dryRun !== "none") {
    const changed = markedNodes(await listNodes(kube, { signal }), selector);
    return { kind: "givenBack", dryRun: true, nodes: { changed, same: [], gone: [] }, surges: [] };
  }
  return underLease(
    job,
    async () => ({
      kind: "givenBack",
      dryRun: false,
      nodes: await giveBack(kube, selector, signal),
      surges: await revertSurges(kube, job.ports),
    }),
    signal,
  );
};

/** All closed or none: a node that was left open would take the pods of the others. */
const closeNodes = async (
  { ports, command }: Job,
  names: readonly string[],
  signal: AbortSignal,
): Promise<void> => {
  try {
    await fenceNodes(ports.kube, names, { run: command.run, cordon: true, now: ports.now, signal });
  } catch (error) {
    ports.log("not every node could be cordoned: those that were are given back");
    await openFence(ports.kube, names);
    signal.throwIfAborted();
    throw error;
  }
};

const requestOf = (command: DrainCommand): DrainRequest => {
  const { run, nodes, rules, ladder, onAlarm, deadlineSeconds, timeoutSeconds } = command;
  return {
    run,
    nodes: "names" in nodes ? nodes.names : nodes,
    rules,
    ladder,
    sentries: { policy: onAlarm },
    deadlineSeconds,
    timeoutSeconds,
    cordon: true,
  };
};

const openTarget = async ({ ports, command }: Job, signal: AbortSignal): Promise<void> => {
  if (command.way !== "rollback" || command.to === undefined) return;
  const { changed } = await giveBack(ports.kube, command.to, signal);
  ports.log(`${changed.length} nodes given back: they take pods again`);
};

type Ended = Extract<CommandResult, { kind: "ended" }>;

const move = async (job: Job, plan: DrainPlan, signal: AbortSignal): Promise<Ended> => {
  const { ports, command } = job;
  await openTarget(job, signal);
  await closeNodes(job, plan.nodes, signal);
  const { drainNodes: drain } = ports.steps ?? STEPS;
  const roomProven = plan.capacity.verdict === "FITS";
  const outcome = await drain(ports, { ...requestOf(command), roomProven }, signal);
  return { kind: "ended", way: command.way === "rollback" ? "rollback" : "drain", outcome, plan };
};

/** The same command with the roles swapped. It does not turn back once more. */
const wayBack = (command: DrainCommand, to: NodeSelector): DrainCommand => ({
  ...command,
  way: "rollback",
  nodes: to,
  to: command.nodes,
  onAlarm: "hold",
});

/** A drain whose alarms ask for it ends where it began. When there is no way back, blue is at least open again. */
const moveOrReturn = async (job: Job, plan: DrainPlan, signal: AbortSignal): Promise<CommandResult> => {
  const { ports, command } = job;
  const ended = await move(job, plan, signal);
  if (ended.outcome.kind !== "rollback" || command.to === undefined) return ended;
  const back: Job = { ports, command: wayBack(command, command.to) };
  const backPlan = await makePlan(back, signal);
  if (!isFatal(backPlan)) return move(back, backPlan, signal);
  ports.log("there is no way back: the nodes are opened again, what has moved stays");
  await openTarget(back, signal);
  return ended;
};

/** A rollback is planned for the cluster as it will be when the other side is open again. */
const planningView = (kube: KubeClient, { way, to }: DrainCommand): KubeClient =>
  way === "rollback" && to !== undefined ? asGivenBack(kube, to) : kube;

const makePlan = (job: Job, signal: AbortSignal): Promise<DrainPlan> => {
  const { ports, command } = job;
  const { to } = command;
  const { readPlan: read } = ports.steps ?? STEPS;
  return read(planningView(ports.kube, command), requestOf(command), {
    signal,
    now: ports.now,
    ...(to === undefined ? {} : { to }),
  });
};

const rehearse = async (job: Job, plan: DrainPlan, signal: AbortSignal): Promise<CommandResult> => {
  const { ports, command } = job;
  if (command.dryRun === "client") return { kind: "planned", plan, trials: [] };
  const wanted = { nodes: plan.nodes, rules: command.rules, now: ports.now(), signal };
  const trials = await tryEvictions(ports.kube, wanted);
  return { kind: "planned", plan, trials };
};

interface Draft {
  readonly plan: Promise<DrainPlan>;
  readonly drop: () => void;
}

/** Made while the rights are still asked for. It tells of its failure only to who waits for it. */
const startPlan = (job: Job, signal: AbortSignal): Draft => {
  const stop = new AbortController();
  const plan = makePlan(job, AbortSignal.any([signal, stop.signal]));
  plan.catch(() => undefined);
  return { plan, drop: () => stop.abort() };
};

const planAndMove = async (job: Job, draft: Draft, signal: AbortSignal): Promise<CommandResult> => {
  const plan = await draft.plan;
  if (isFatal(plan)) return { kind: "refused", reached: true, problems: [], plan };
  if (job.command.dryRun !== "none") return rehearse(job, plan, signal);
  job.ports.onPlan?.(plan);
  return underLease(job, () => moveOrReturn(job, plan, signal), signal);
};

/** An abort only gives back: who could not surge has nothing to take back. */
const extrasOf = ({ way, ladder, rules }: DrainCommand): Extras =>
  way === "abort" ? {} : { ladder: allowedWishes(ladder), deleteEmptyNodes: rules.deleteEmptyNodes === true };

/**
 * Everything `changeover drain` does, in order: what forbids to begin (all of it at once), the plan, then the cluster's
 * lease, the cordon and the drain. Refused before anything changes. Ends by itself; the signal asks
 * it to stop cleanly.
 */
export const runDrainCommand = async (
  ports: CommandPorts,
  command: DrainCommand,
  signal: AbortSignal,
): Promise<CommandResult> => {
  const { kube, now } = ports;
  const job = { ports, command };
  const draft = command.way === "abort" ? undefined : startPlan(job, signal);
  const access = await checkAccess({ kube, now, signal, extras: extrasOf(command) });
  for (const warning of access.warnings) ports.log(`warning: ${warning}`);
  const { reached, problems } = access;
  if (problems.length === 0)
    return draft === undefined ? abort(job, signal) : planAndMove(job, draft, signal);
  draft?.drop();
  return { kind: "refused", reached, problems };
};
