import { setTimeout as pause } from "node:timers/promises";
import { lacking } from "../../core/handover/inventory";
import type { Side } from "../../core/handover/record";
import { type Problem, ProblemError } from "../../core/problem";
import { isReadyz, type KubeClient } from "../../kube";
import { readServing } from "./inventory";
import { readStanding, type Standing, writeStanding } from "./records";
import type { HandoverPorts, StepWanted } from "./step";

export type ProofWanted = Pick<StepWanted, "handover" | "namespaces" | "weight"> & {
  readonly soakSeconds: number;
};

const SAMPLE_MS = 2_000;
const TELL_MS = 30_000;

/** Whether both clusters record that green carries this weight well and no step is under way. */
export const isProven = async (
  clusters: HandoverPorts["clusters"],
  { handover, weight }: Pick<StepWanted, "handover" | "weight">,
  signal: AbortSignal,
): Promise<boolean> => {
  for (const side of ["green", "blue"] as const) {
    if (clusters[side] === "absent") continue;
    const alone = { green: "absent" as const, blue: "absent" as const, [side]: clusters[side] };
    const standing = await readStanding({ handover, clusters: alone }, signal);
    if (standing?.weight !== weight || standing.moving !== undefined) return false;
  }
  return true;
};

/**
 * Watches the side that was given more while it carries it: forward for the soak, back for one look. The first moment
 * in which it serves less than its share refuses. Only then does the step count, on both clusters.
 */
export const proveStep = async (
  ports: HandoverPorts,
  wanted: ProofWanted,
  signal: AbortSignal,
): Promise<{ samples: number }> => {
  const pair = { handover: wanted.handover, clusters: ports.clusters };
  const before = await readStanding(pair, signal);
  if (before === undefined) throw new ProblemError("no step under way", [notPrepared(wanted.handover)]);
  const side: Side = wanted.weight > before.weight ? "green" : "blue";
  const samples = await soak(ports, { wanted, before, side }, signal);
  const { moving: _done, ...kept } = before;
  await writeStanding(pair, { ...kept, weight: wanted.weight }, signal);
  return { samples };
};

interface Watched {
  readonly wanted: ProofWanted;
  readonly before: Standing;
  readonly side: Side;
}

const soak = async (ports: HandoverPorts, watched: Watched, signal: AbortSignal): Promise<number> => {
  const kube = ports.clusters[watched.side];
  const seconds = watched.side === "green" ? watched.wanted.soakSeconds : 0;
  const end = ports.now() + seconds * 1_000;
  let told = ports.now();
  for (let samples = 1; ; samples++) {
    if (kube !== "absent") await sample(kube, watched, signal);
    const left = end - ports.now();
    if (left <= 0) return samples;
    if (ports.now() - told >= TELL_MS) {
      told = ports.now();
      ports.log(
        `${watched.side} carries ${shareOf(watched)} % well; ${String(Math.ceil(left / 1_000))} s left`,
      );
    }
    await pause(Math.min(SAMPLE_MS, left), undefined, { signal });
  }
};

const percentOf = ({ side, wanted }: Watched): number =>
  side === "green" ? wanted.weight : 100 - wanted.weight;

const shareOf = (watched: Watched): string => String(percentOf(watched));

/** Less than it wants is a pod that restarts; less than its share is traffic that nobody serves. */
const sample = async (kube: KubeClient, watched: Watched, signal: AbortSignal): Promise<void> => {
  const { wanted, before } = watched;
  const [ready, serving] = await Promise.all([
    isReadyz(kube, { signal }),
    readServing(kube, wanted.namespaces, signal),
  ]);
  const share = { percent: percentOf(watched), demand: before.demand };
  const found = serving.map(item =>
    item.replicas === undefined ? item : { ...item, replicas: { ...item.replicas, wanted: 0 } },
  );
  const lacks = [
    ...(ready ? [] : ["the API server to answer ready"]),
    ...lacking(Object.keys(before.demand), found, share),
  ];
  if (lacks.length > 0) throw new ProblemError("soak broken", [broken(watched, lacks)]);
};

const broken = (watched: Watched, lacks: readonly string[]): Problem => ({
  code: "Handover.SoakBroken",
  path: `handover.${watched.side}`,
  message: `while it carries ${shareOf(watched)} % of the traffic, ${watched.side} lacks: ${lacks.slice(0, 5).join("; ")}`,
  fix: `set handover.weight back to "${String(watched.before.weight)}%" and run \`pulumi up\`, or mend it and run \`pulumi up\` again (the soak starts anew)`,
});

const notPrepared = (handover: string): Problem => ({
  code: "Handover.NotPrepared",
  path: "handover",
  message: `neither cluster has a record of the handover "${handover}"`,
  fix: "run `pulumi up` for the whole stack, without --target",
});
