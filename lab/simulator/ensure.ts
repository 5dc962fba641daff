import { existsSync, readdirSync, rmSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { ensureTool } from "../../controlplane/tools";
import { writeAtomic } from "../../controlplane/files";
import { ensureKubeconfig } from "../../controlplane/pki/kubeconfig";
import { launch, readProcess, type ProcessOrder } from "../../controlplane/process/launch";
import { findPort, isPortFree } from "../../controlplane/process/ports";
import { isAlive, type ProcessIdentity } from "../../controlplane/process/identity";
import { processPaths } from "../../controlplane/process/paths";
import { lastLines } from "../../controlplane/process/tail";
import { stopRole } from "../../controlplane/process/stop";
import { waitFor } from "../../controlplane/wait";
import type { ControlPlaneState, RunOptions } from "../../controlplane";
import { ProblemError } from "../../core/problem";
import { isKubeError, openKube } from "../../kube";
import { ensureMark, writeMark } from "../home";
import { SIMULATED } from "./annotations";
import { describeSimulator, fingerprint } from "./config";

export const SIMULATOR = "kwok";
const READY_DEADLINE_MS = 30_000;
const GRACE_MS = 5_000;
/** A kubelet's own: a node whose lease is older is taken for lost. */
const LEASE_SECONDS = 40;
/** Room for a million pods; nobody routes to them. */
const POD_NETWORK = "10.128.0.1/12";
const NODE_LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";

const ensureStages = (dir: string): string => {
  const text = describeSimulator();
  const file = `stages-${fingerprint(text)}.yaml`;
  for (const old of readdirSync(dir).filter(name => name.startsWith("stages-") && name !== file))
    rmSync(join(dir, old), { force: true });
  const path = join(dir, file);
  if (!existsSync(path)) writeAtomic(path, text);
  return path;
};

const ensurePort = async (name: string, dir: string): Promise<number> => {
  const mark = ensureMark(name);
  const ours = readProcess(dir, SIMULATOR)?.alive === true;
  if (mark.port !== undefined && (ours || (await isPortFree(mark.port)))) return mark.port;
  const port = await findPort(new Set());
  writeMark(dir, { ...mark, port });
  return port;
};

const orderFor = async (
  dir: string,
  plane: ControlPlaneState,
  options: RunOptions,
): Promise<ProcessOrder> => {
  const tool = await ensureTool("kwok-0.8", options);
  const kubeconfig = join(dir, "simulator.kubeconfig");
  ensureKubeconfig(plane.dir, kubeconfig, { name: plane.name, server: plane.endpoint, leaf: "simulator" });
  const port = await ensurePort(plane.name, dir);
  const args = [
    `--kubeconfig=${kubeconfig}`,
    `--config=${ensureStages(dir)}`,
    `--manage-nodes-with-label-selector=${SIMULATED}=true`,
    `--node-lease-duration-seconds=${LEASE_SECONDS}`,
    `--cidr=${POD_NETWORK}`,
    `--server-address=127.0.0.1:${port}`,
  ];
  return { role: SIMULATOR, program: `kwok@${tool.version}`, command: tool.bin("kwok"), args, port };
};

const isHealthy = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const call = request(
      { host: "127.0.0.1", port, path: "/healthz", agent: false, timeout: 2_000 },
      answer => {
        answer.resume();
        resolve(answer.statusCode === 200);
      },
    );
    call.on("timeout", () => call.destroy());
    call.on("error", () => resolve(false));
    call.end();
  });

/**
 * A new simulator would wait until the leases of a dead one run out, and its nodes be lost meanwhile. Nobody else holds
 * node leases in a lab.
 */
const giveUpLeases = async (plane: ControlPlaneState, signal: AbortSignal): Promise<void> => {
  const kube = await openKube({ kubeconfig: plane.kubeconfig });
  try {
    await kube.request({ method: "DELETE", path: NODE_LEASES, signal, repeatable: true });
  } catch (error) {
    if (!isKubeError(error, "notFound")) throw error;
  } finally {
    await kube.close();
  }
};

interface Started {
  readonly order: ProcessOrder;
  readonly who: ProcessIdentity;
}

const waitHealthy = async (dir: string, started: Started, signal: AbortSignal): Promise<void> => {
  const { order, who } = started;
  const { log } = processPaths(dir, SIMULATOR);
  const problem = (what: string) => ({
    code: "Lab.SimulatorDown" as const,
    path: SIMULATOR,
    message: `the simulator ${what}; the last lines of ${log}\n      ${lastLines(log, 5).join("\n      ")}`,
    fix: "read the log and run the command again",
  });
  const look = async (): Promise<true | undefined> => {
    if (await isHealthy(order.port)) return true;
    if (!isAlive(who))
      throw new ProblemError("the lab did not come up", [problem("ended right after its start")]);
    return undefined;
  };
  await waitFor(look, { signal, deadlineMs: READY_DEADLINE_MS, fastestMs: 25 }, () =>
    problem(`was not ready within ${READY_DEADLINE_MS / 1000} s`),
  );
};

const isSame = (a: ProcessOrder, b: ProcessOrder): boolean =>
  a.program === b.program && JSON.stringify(a.args) === JSON.stringify(b.args);

/** The simulator of all nodes and pods of a lab: running, and with our present rules. */
export const ensureSimulator = async (
  dir: string,
  plane: ControlPlaneState,
  options: RunOptions,
): Promise<void> => {
  const order = await orderFor(dir, plane, options);
  const seen = readProcess(dir, SIMULATOR);
  if (seen?.alive === true && isSame(seen.order, order)) return;
  await stopRole(dir, SIMULATOR, { graceMs: GRACE_MS, signal: options.signal });
  if (seen !== undefined) await giveUpLeases(plane, options.signal);
  const who = await launch(dir, order, options.signal);
  await waitHealthy(dir, { order, who }, options.signal);
  options.progress(`start ${SIMULATOR}: ${order.program} simulates nodes and pods`);
};

export const stopSimulator = (dir: string, signal: AbortSignal): Promise<void> =>
  stopRole(dir, SIMULATOR, { graceMs: GRACE_MS, signal });
