import { recordValidated } from "../../core/upgrade/ledger";
import type { ValidationSpec } from "../../core/config";
import { updateLedger } from "../ledger/store";
import { awaitWorkloads } from "../observe/workloads";
import type { Ports } from "../ports";
import { runJob } from "./job";

export interface ValidationWanted {
  readonly pool: string;
  readonly epoch: number;
  readonly percent: number;
  readonly jobs: ValidationSpec["jobs"];
  readonly settleSeconds: number;
}

const BUILT_IN = "workloads-available";

/** First every workload has all its replicas again, then the user's Jobs pass, one after another in their order. */
export const validatePool = async (
  ports: Ports,
  wanted: ValidationWanted,
  signal: AbortSignal,
): Promise<{ passed: readonly string[] }> => {
  await awaitWorkloads(ports, { seconds: wanted.settleSeconds, path: `pools.${wanted.pool}` }, signal);
  const passed = [BUILT_IN];
  for (const job of wanted.jobs) {
    await runJob(
      ports,
      { job, pool: wanted.pool, attempt: `${String(wanted.epoch)}-${String(wanted.percent)}` },
      signal,
    );
    ports.log(`validation ${job.name} passed`);
    passed.push(job.name);
  }
  await updateLedger(ports.kube, ledger => recordValidated(ledger, wanted.pool, wanted.epoch), signal);
  return { passed };
};
