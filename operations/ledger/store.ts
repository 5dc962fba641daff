import { NAMES } from "../../core/identity/names";
import { ProblemError } from "../../core/problem";
import {
  type Ledger,
  parseLedger,
  recordCompleted,
  recordReached,
  serialiseLedger,
} from "../../core/upgrade/ledger";
import { mayComplete } from "../../core/upgrade/ledgerChecks";
import { ensureNamespace, type KubeClient, listNodes, readConfigMap, updateConfigMap } from "../../kube";

const KEY = "ledger.json";
const WHERE = { namespace: NAMES.namespace, name: NAMES.ledger };

/** What the cluster itself records of its upgrades. No ledger yet = an empty one. */
export const readLedger = async (kube: KubeClient, signal: AbortSignal): Promise<Ledger> => {
  const map = await readConfigMap(kube, WHERE, { signal });
  return readText(map?.data[KEY]);
};

const readText = (text: string | undefined): Ledger => {
  const parsed = parseLedger(text);
  if (!parsed.ok) throw new ProblemError("the ledger can't be read", parsed.problems);
  return parsed.value;
};

/** Compare-and-swap: `change` may run again when another writer was faster. */
export const updateLedger = async (
  kube: KubeClient,
  change: (ledger: Ledger) => Ledger,
  signal: AbortSignal,
): Promise<Ledger> => {
  await ensureNamespace(kube, NAMES.namespace, { signal });
  const written = await updateConfigMap(
    kube,
    WHERE,
    data => ({ ...data, [KEY]: serialiseLedger(change(readText(data[KEY]))) }),
    { signal },
  );
  return readText(written.data[KEY]);
};

/** What "no worse than before" means for this upgrade, and which stack it belongs to. */
export const recordBaseline = async (kube: KubeClient, stack: string, signal: AbortSignal): Promise<void> => {
  const nodes = await listNodes(kube, { signal });
  const notReady = nodes.filter(node => !node.ready).length;
  await updateLedger(kube, ledger => ({ ...ledger, stack, baseline: { notReadyNodes: notReady } }), signal);
};

/** Binds the ledger to this cluster and notes the version it reached: live newer than that was not our doing. */
export const recordControlPlane = async (
  kube: KubeClient,
  seen: { readonly uid: string; readonly reached: Parameters<typeof recordReached>[1] },
  signal: AbortSignal,
): Promise<void> => {
  await updateLedger(
    kube,
    ledger => recordReached({ ...ledger, clusterUid: seen.uid }, seen.reached),
    signal,
  );
};

/** Writes the record that interlocks ask for; refuses while any proof of these epochs is missing. */
export const completeCluster = async (
  kube: KubeClient,
  epochs: Readonly<Record<string, number>>,
  signal: AbortSignal,
): Promise<void> => {
  const problems = mayComplete(await readLedger(kube, signal), epochs);
  if (problems.length > 0) throw new ProblemError("completion refused", problems);
  await updateLedger(kube, ledger => recordCompleted(ledger, epochs), signal);
};
