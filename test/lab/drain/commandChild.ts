import { writeSync } from "node:fs";
import { NAMES } from "../../../core/identity/names";
import { openKube } from "../../../kube";
import {
  type CommandResult,
  type DrainCommand,
  runDrainCommand,
} from "../../../operations/drain/commandDrain";
import { drainNodes } from "../../../operations/drain/drainNodes";
import { readPlan } from "../../../operations/drain/plan";
import { type CallAt, type Moment, renameNamespace, tellCalls } from "./killPoints";

/** What one `changeover drain` in a process of its own shall do. */
export interface ChildOrder {
  readonly kubeconfig: string;
  readonly command: DrainCommand;
  /** The namespace of its lease; absent = the product's own. */
  readonly namespace?: string;
  /** Where it kills itself. */
  readonly dieAt?: Moment;
  /** How long a fresh cordon is watched for late pods; absent = as long as always. */
  readonly quietMs?: number;
}

export type ChildLine =
  | { readonly kind: "call"; readonly at: CallAt }
  | { readonly kind: "log"; readonly line: string }
  | { readonly kind: "result"; readonly result: CommandResult };

/** Written before the next step is made, so that nothing said is lost by a kill. */
const tell = (line: ChildLine): void => void writeSync(1, `${JSON.stringify(line)}\n`);

const isSame = (a: Moment, b: Moment): boolean =>
  a.kind === b.kind && a.number === b.number && a.when === b.when;

const main = async (): Promise<void> => {
  const order = JSON.parse(process.argv[2] ?? "{}") as ChildOrder;
  const { dieAt, quietMs, namespace = NAMES.namespace } = order;
  const onCall = (at: CallAt): void => {
    tell({ kind: "call", at });
    if (dieAt !== undefined && isSame(at, dieAt)) process.kill(process.pid, "SIGKILL");
  };
  const wire = await openKube({ kubeconfig: order.kubeconfig });
  const kube = tellCalls(renameNamespace(wire, NAMES.namespace, namespace), onCall);
  const tuned: typeof drainNodes = (ports, request, signal) =>
    drainNodes(ports, quietMs === undefined ? request : { ...request, tuning: { quietMs } }, signal);
  const result = await runDrainCommand(
    { kube, now: Date.now, log: line => tell({ kind: "log", line }), steps: { readPlan, drainNodes: tuned } },
    order.command,
    new AbortController().signal,
  );
  tell({ kind: "result", result });
  await kube.close();
};

void main();
