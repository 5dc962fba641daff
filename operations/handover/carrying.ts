import { mayCarry } from "../../core/handover/record";
import { type Problem, ProblemError } from "../../core/problem";
import type { KubeClient } from "../../kube";
import { readRecord } from "./records";

/** A cluster to which a handover still sends traffic is not taken down. */
export const refuseWhileCarrying = async (kube: KubeClient, signal: AbortSignal): Promise<void> => {
  const record = await readRecord(kube, signal);
  if (record === undefined || mayCarry(record) === 0) return;
  throw new ProblemError("destroy refused", [carrying(record.handover, mayCarry(record), record.side)]);
};

const carrying = (handover: string, percent: number, side: "blue" | "green"): Problem => ({
  code: "Handover.CarriesTraffic",
  path: "cluster",
  message: `this cluster is ${side} in the handover "${handover}" and may carry ${String(percent)} % of its traffic`,
  fix: `move the traffic first (handover.weight "${side === "blue" ? "100%" : "0%"}", in its steps), or end the handover by \`pulumi destroy\` in its stack; nothing was destroyed`,
});
