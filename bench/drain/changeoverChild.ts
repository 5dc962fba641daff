/** What `changeover drain NODES` does, rights, plan and lease included, in a process that can be measured and killed. */
import { describePlan } from "../../core/drain/plan/describePlan";
import { openKube } from "../../kube";
import { runDrainCommand } from "../../operations/drain/commandDrain";
import { awaitGo, orderOf, report, runChild } from "./childProtocol";

const DEADLINE_SECONDS = 3_600;
const TIMEOUT_SECONDS = 600;
const LEASE_WAIT_MS = 60_000;

const drain = async (): Promise<number> => {
  const { kubeconfig, nodes, run, surgeFirstIn } = orderOf(process.argv);
  const kube = await openKube({ kubeconfig });
  await awaitGo();
  const stop = new AbortController();
  process.on("SIGINT", () => stop.abort());
  const ports = {
    kube,
    now: Date.now,
    log: report,
    onPlan: (plan: Parameters<typeof describePlan>[0]) => describePlan(plan).forEach(report),
  };
  const command = {
    run,
    way: "drain" as const,
    nodes: { names: nodes },
    dryRun: "none" as const,
    onAlarm: "hold" as const,
    ladder: surgeFirstIn === undefined ? {} : { surgeFirst: [{ namespace: surgeFirstIn }] },
    rules: { force: false, deleteEmptyDirData: true },
    deadlineSeconds: DEADLINE_SECONDS,
    timeoutSeconds: TIMEOUT_SECONDS,
    leaseWaitMs: LEASE_WAIT_MS,
  };
  const result = await runDrainCommand(ports, command, stop.signal);
  report(`outcome ${JSON.stringify(result.kind === "ended" ? result.outcome : result)}`);
  await kube.close();
  return 0;
};

runChild(drain);
