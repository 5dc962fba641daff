import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  collectionPath,
  evictPod,
  KINDS,
  type KubeClient,
  listAll,
  listNodes,
  patchNode,
} from "../../../../kube";
import { readNode } from "../../../../kube/nodes";
import { withLabKube } from "../../../pools/converge";
import { deleteNode } from "../nodes";
import { type Ended, notCovered, ProgramFailed, refuseBy, succeed } from "../rules";
import type { Place } from "../state";

type Verb = (kube: KubeClient, args: readonly string[], place: Place) => Promise<Ended>;

const AGAIN_MS = 200;
const SECONDS = /^--timeout=(\d+)s$/;

const mustNode = async (kube: KubeClient, name: string) => {
  const node = await readNode(kube, name);
  if (node === undefined)
    throw new ProgramFailed(1, `Error from server (NotFound): nodes "${name}" not found`);
  return node;
};

const until = async (
  timeout: string | undefined,
  done: () => Promise<boolean>,
  late: string,
): Promise<void> => {
  const seconds = Number(SECONDS.exec(timeout ?? "")?.[1] ?? notCovered(`kubectl ${String(timeout)}`));
  const end = Date.now() + seconds * 1_000;
  while (!(await done())) {
    if (Date.now() > end) throw new ProgramFailed(1, late);
    await sleep(AGAIN_MS);
  }
};

const get: Verb = async (kube, args) => {
  const [kind, name = "", flag, output] = args;
  if (kind !== "node" || flag !== "-o") return notCovered(`kubectl get ${args.join(" ")}`);
  const node = await mustNode(kube, name);
  if (output === "name") return succeed(`node/${name}\n`);
  if (output === "jsonpath={.spec.unschedulable}") return succeed(node.unschedulable ? "true" : "");
  return notCovered(`kubectl get ${args.join(" ")}`);
};

interface RawPod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly ownerReferences?: readonly { readonly kind: string }[];
  };
  readonly spec: { readonly nodeName?: string };
}

const isEvictable = (node: string, { metadata, spec }: RawPod): boolean =>
  spec.nodeName === node && !(metadata.ownerReferences ?? []).some(({ kind }) => kind === "DaemonSet");

/** Cordon, then evictions that budgets may refuse, until none is left that is not a DaemonSet's. */
const drain: Verb = async (kube, [name = "", daemonSets, timeout]) => {
  if (daemonSets !== "--ignore-daemonsets") return notCovered("kubectl drain without --ignore-daemonsets");
  await mustNode(kube, name);
  await patchNode(kube, name, () => ({ unschedulable: true }), {});
  const left = async (): Promise<boolean> => {
    const { items } = await listAll<RawPod>(kube, collectionPath(KINDS.pods), {});
    const pods = items.filter(pod => isEvictable(name, pod));
    for (const { metadata } of pods) await evictPod(kube, metadata);
    return pods.length === 0;
  };
  await until(timeout, left, `error: unable to drain node "${name}": global timeout reached`);
  return succeed(`[stand-in] node/${name} drained\n`);
};

const uncordon: Verb = async (kube, [name = ""]) => {
  await patchNode(kube, name, () => ({ unschedulable: false }), {});
  return succeed(`[stand-in] node/${name} uncordoned\n`);
};

const wait: Verb = async (kube, [condition, target = "", timeout]) => {
  if (condition !== "--for=condition=Ready") return notCovered(`kubectl wait ${String(condition)}`);
  const name = target.replace(/^node\//, "");
  const ready = async (): Promise<boolean> => (await mustNode(kube, name)).ready;
  await until(timeout, ready, `error: timed out waiting for the condition on ${target}`);
  return succeed(`[stand-in] ${target} condition met\n`);
};

const remove: Verb = async (kube, args) => {
  const [kind, flag, selector = "", ignore] = args;
  if (kind !== "nodes" || flag !== "-l" || ignore !== "--ignore-not-found")
    return notCovered(`kubectl delete ${args.join(" ")}`);
  const [key = "", value = ""] = selector.split("=");
  const nodes = await listNodes(kube, { labels: { [key]: value } });
  for (const { name } of nodes) await deleteNode(kube, name);
  return succeed(nodes.map(({ name }) => `[stand-in] node "${name}" deleted\n`).join(""));
};

const VERBS: Readonly<Record<string, Verb>> = { get, drain, uncordon, wait, delete: remove };

/** As the administrator of admin.conf, which only a control plane has. */
export const kubectl = (place: Place, args: readonly string[]): Promise<Ended> => {
  if (!existsSync(join(place.root, "etc/kubernetes/admin.conf")))
    refuseBy("controlPlaneOnly", 1, "error: no administrator's kubeconfig on this machine");
  const [verb = "", ...rest] = args[0] === "--kubeconfig" ? args.slice(2) : args;
  const run = VERBS[verb] ?? (() => notCovered(`kubectl ${verb}`));
  return withLabKube(place.world.lab, kube => run(kube, rest, place));
};
