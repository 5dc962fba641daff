import { ProblemError } from "../../../core/problem";
import type { GateContext, GateRuntime } from "../host/runtime";
import { isPending } from "../host/stale";
import type { BackupInputs, BackupOutcome, BackupOutputs } from "./protocol";

const skipped = (summary: string): BackupOutcome => ({ state: "skipped", summary, file: "", takenAt: "" });

/** Nothing moves before its data is saved and, where asked, restored elsewhere and compared. */
export const runtime: GateRuntime<BackupInputs, BackupOutputs> = {
  outputs: ["outcome"],
  isStale: (_outputs, inputs, context) => isPending(inputs.transition, context),
  apply: async (inputs, _olds, context) => {
    if (inputs.kind === "none") return { ...inputs, outcome: skipped("backup.kind is none") };
    if ((await context.reach()) === "absent") return { ...inputs, outcome: skipped("no cluster yet") };
    return { ...inputs, outcome: await take(inputs, context) };
  },
};

const take = async (inputs: BackupInputs, context: GateContext): Promise<BackupOutcome> => {
  const taken = await context.live.backup(inputs.connection, context.signal);
  context.log(`snapshot saved to ${taken.file}`);
  if (!inputs.proveRestore)
    return { ...taken, state: "taken", summary: "not restored: backup.proveRestore is off" };
  const proof = await context.live.proveBackup(inputs.connection, taken.file, context.signal);
  if (proof.differences.length > 0)
    throw new ProblemError("backup refused", [unproven(taken.file, proof.differences)]);
  const summary = `${proof.objects} objects of ${proof.resources} resources restored elsewhere and found equal`;
  context.log(summary);
  return { ...taken, state: "proven", summary };
};

const unproven = (file: string, differences: readonly string[]) => ({
  code: "Backup.NotEqual" as const,
  path: "backup",
  message: `the restored snapshot ${file} differs from the cluster at the snapshot's revision: ${differences.slice(0, 5).join("; ")}`,
  fix: "look at etcd's health and disk, then run `pulumi up` again; nothing was changed",
});
