import { setTimeout as pause } from "node:timers/promises";
import { LABEL } from "../../core/identity/names";
import { type Problem, ProblemError } from "../../core/problem";
import { recordSoaked } from "../../core/upgrade/ledger";
import { isReadyz, type KubeClient, listNodes } from "../../kube";
import { updateLedger } from "../ledger/store";
import { describeShort, observeWorkloads } from "../observe/workloads";
import type { Ports } from "../ports";

export interface SoakWanted {
  readonly pool: string;
  readonly generation: string;
  readonly epoch: number;
  readonly seconds: number;
}

const SAMPLE_MS = 1_000;

/** A pool's first generation took over from nobody: one look is enough. */
const FIRST_EPOCH = 1;

/** Samples the API's own health for the soak time; the first bad sample refuses, with what was seen. */
export const soakPool = async (
  ports: Ports,
  wanted: SoakWanted,
  signal: AbortSignal,
): Promise<{ samples: number }> => {
  const seconds = wanted.epoch === FIRST_EPOCH ? 0 : wanted.seconds;
  const end = ports.now() + seconds * 1_000;
  let samples = 0;
  for (;;) {
    const problems = await sample(ports.kube, wanted, signal);
    if (problems.length > 0) throw new ProblemError("soak broken", problems);
    samples += 1;
    if (ports.now() >= end) break;
    await pause(Math.min(SAMPLE_MS, Math.max(1, end - ports.now())), undefined, { signal });
  }
  await updateLedger(ports.kube, ledger => recordSoaked(ledger, wanted.pool, wanted.epoch), signal);
  return { samples };
};

const sample = async (kube: KubeClient, wanted: SoakWanted, signal: AbortSignal): Promise<Problem[]> => {
  const [ready, nodes, workloads] = await Promise.all([
    isReadyz(kube, { signal }),
    listNodes(kube, { signal, labels: { [LABEL.generation]: wanted.generation } }),
    observeWorkloads(kube, signal),
  ]);
  const down = nodes.filter(node => !node.ready).map(node => `node ${node.name} is not Ready`);
  const short = describeShort(workloads);
  const seen = [...(ready ? [] : ["the API server does not answer ready"]), ...down, ...short].sort();
  return seen.length === 0 ? [] : [broken(wanted, seen)];
};

const broken = (wanted: SoakWanted, seen: readonly string[]): Problem => ({
  code: "SoakGate.Broken",
  path: `pools.${wanted.pool}`,
  message: `during the soak of ${wanted.generation}: ${seen.slice(0, 3).join("; ")}${seen.length > 3 ? ` and ${String(seen.length - 3)} more` : ""}`,
  fix: "mend it and run `pulumi up` again (the soak starts anew), or go back with `changeover rollback`",
});
