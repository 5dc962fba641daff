import { falling } from "./first/falling";
import { marking } from "./first/marking";
import { rising } from "./first/rising";
import { startWave } from "./first/startWave";
import type { FirstFacts, FirstStep } from "./first/step";
import { readSurge, type SurgeRecord, type Wave } from "./surgeRecord";
import { findHolder } from "./target";

const PHASES: Readonly<Record<Wave["phase"], (facts: FirstFacts, record: SurgeRecord) => FirstStep>> = {
  mark: marking,
  up: rising,
  down: falling,
};

/**
 * The next step of a surge-first: successors on green, then the blue pods go by the hand of their ReplicaSet, which
 * asks no budget and never leaves fewer Ready than wanted. Computed from the record on the Deployment and from what is
 * there, so that it goes on after a kill at any point.
 */
export const nextFirstStep = (facts: FirstFacts): FirstStep => {
  const { target } = facts;
  const record = readSurge(target);
  if (record === undefined) return startWave(facts);
  if (record === "lost")
    return { kind: "leave", code: "RECORD_LOST", why: "the record of its surge cannot be read" };
  if (record.rung !== "surge-first" || findHolder(target)?.kind !== target.kind)
    return { kind: "leave", code: "NOT_OURS", why: "another surge or an autoscaler has it now" };
  const go = record.wave === undefined ? rising : PHASES[record.wave.phase];
  return go(facts, record);
};
