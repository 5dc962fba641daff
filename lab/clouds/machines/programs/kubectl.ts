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
  type NodeView,
  patchNode,
} from "../../../../kube";
import { readNode } from "../../../../kube/nodes";
import { withLabKube } from "../../../pools/converge";
import { podPath } from "../../../../kube/paths";
import { deleteNode, unlessGone } from "../nodes";
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

interface RawPod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
  };
  readonly spec: { readonly nodeName?: string; readonly volumes?: readonly { readonly emptyDir?: object }[] };
  readonly status?: { readonly phase?: string };
}

const podsOn = async (kube: KubeClient, node: string): Promise<readonly RawPod[]> => {
  const { items } = await listAll<RawPod>(kube, collectionPath(KINDS.pods), {});
  return items.filter(({ spec }) => spec.nodeName === node);
};

const COLUMNS =
  "custom-columns=NAME:.metadata.name,OWNER:.metadata.ownerReferences[0].name,HASH:.metadata.labels.pod-template-hash";
const ON_NODE = /^spec\.nodeName=(\S+)$/;

/** The columns that the scripts ask for; what a pod has not is shown as kubectl does. */
const getPods: Verb = async (kube, args) => {
  const [, , namespace, , field = "", ...rest] = args;
  const node = ON_NODE.exec(field)?.[1];
  if (node === undefined || rest.join(" ") !== `--no-headers -o ${COLUMNS}`)
    return notCovered(`kubectl get ${args.join(" ")}`);
  const pods = (await podsOn(kube, node)).filter(({ metadata }) => metadata.namespace === namespace);
  const row = ({ metadata: { name, ownerReferences, labels } }: RawPod): string =>
    `${name}   ${ownerReferences?.[0]?.name ?? "<none>"}   ${labels?.["pod-template-hash"] ?? "<none>"}\n`;
  return succeed(pods.map(row).join(""));
};

const getNode: Verb = async (kube, args) => {
  const [, name = "", flag, output] = args;
  if (flag !== "-o") return notCovered(`kubectl get ${args.join(" ")}`);
  const node = await mustNode(kube, name);
  if (output === "name") return succeed(`node/${name}\n`);
  if (output === "jsonpath={.status.nodeInfo.kubeletVersion}") return succeed(node.kubeletVersion);
  if (output === "jsonpath={.spec.unschedulable}") return succeed(node.unschedulable ? "true" : "");
  return notCovered(`kubectl get ${args.join(" ")}`);
};

const get: Verb = (kube, args, place) => {
  if (args[0] === "node") return getNode(kube, args, place);
  return args[0] === "pods"
    ? getPods(kube, args, place)
    : Promise.resolve(notCovered(`kubectl get ${args.join(" ")}`));
};

const cordon: Verb = async (kube, [name = ""]) => {
  await mustNode(kube, name);
  await patchNode(kube, name, () => ({ unschedulable: true }), {});
  return succeed(`[stand-in] node/${name} cordoned\n`);
};

const isEvictable = ({ metadata }: RawPod): boolean =>
  !(metadata.ownerReferences ?? []).some(({ kind }) => kind === "DaemonSet");

const hasEnded = ({ status }: RawPod): boolean => status?.phase === "Succeeded" || status?.phase === "Failed";

/** Refusals as in k8s.io/kubectl, pkg/drain/filters.go; without the flags that pass over them. */
const checkSpared = (node: string, pods: readonly RawPod[]): void => {
  const running = pods.filter(pod => !hasEnded(pod));
  const named = (found: readonly RawPod[], what: string): readonly string[] =>
    found.length === 0
      ? []
      : [
          `cannot delete ${what}: ${found.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).join(", ")}`,
        ];
  const refused = [
    ...named(
      running.filter(({ metadata }) => (metadata.ownerReferences ?? []).length === 0),
      "Pods that declare no controller (use --force to override)",
    ),
    ...named(
      running.filter(({ spec }) => (spec.volumes ?? []).some(({ emptyDir }) => emptyDir !== undefined)),
      "Pods with local storage (use --delete-emptydir-data to override)",
    ),
  ];
  if (refused.length > 0)
    refuseBy("drainSpares", 1, `error: unable to drain node "${node}" due to error: ${refused.join("; ")}`);
};

/** Cordon, then evictions that budgets may refuse, until none is left that is not a DaemonSet's. */
const drain: Verb = async (kube, [name = "", daemonSets, timeout], place) => {
  if (daemonSets !== "--ignore-daemonsets") return notCovered("kubectl drain without --ignore-daemonsets");
  await cordon(kube, [name], place);
  checkSpared(name, (await podsOn(kube, name)).filter(isEvictable));
  const left = async (): Promise<boolean> => {
    const pods = (await podsOn(kube, name)).filter(isEvictable);
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

const RUNS = /^--for=jsonpath=\{\.status\.nodeInfo\.kubeletVersion\}=(v\S+)$/;

const conditionOf = (flag = ""): ((node: NodeView) => boolean) => {
  if (flag === "--for=condition=Ready") return ({ ready }) => ready;
  const wanted = RUNS.exec(flag)?.[1] ?? notCovered(`kubectl wait ${flag}`);
  return ({ kubeletVersion }) => kubeletVersion === wanted;
};

const wait: Verb = async (kube, [flag, target = "", timeout]) => {
  const isMet = conditionOf(flag);
  const met = async (): Promise<boolean> => isMet(await mustNode(kube, target.replace(/^node\//, "")));
  await until(timeout, met, `error: timed out waiting for the condition on ${target}`);
  return succeed(`[stand-in] ${target} condition met\n`);
};

/** Deletes, and waits until these very pods are gone: a StatefulSet makes others by the same names. */
const removePods: Verb = async (kube, args) => {
  const [, flag, namespace = "", ...rest] = args;
  const [ignore, timeout] = rest.slice(-2);
  if (flag !== "-n" || ignore !== "--ignore-not-found") return notCovered(`kubectl delete ${args.join(" ")}`);
  const names = rest.slice(0, -2);
  const list = async (): Promise<readonly RawPod["metadata"][]> =>
    (await listAll<RawPod>(kube, collectionPath(KINDS.pods), {})).items
      .map(({ metadata }) => metadata)
      .filter(pod => pod.namespace === namespace && names.includes(pod.name));
  const doomed = await list();
  for (const pod of doomed) await unlessGone(() => kube.request({ method: "DELETE", path: podPath(pod) }));
  const gone = async (): Promise<boolean> =>
    (await list()).every(({ uid }) => doomed.every(pod => pod.uid !== uid));
  await until(timeout, gone, "error: timed out waiting for the condition on pods");
  return succeed(doomed.map(({ name }) => `[stand-in] pod "${name}" deleted\n`).join(""));
};

const removeNodes: Verb = async (kube, args) => {
  const [, flag, selector = "", ignore] = args;
  if (flag !== "-l" || ignore !== "--ignore-not-found") return notCovered(`kubectl delete ${args.join(" ")}`);
  const [key = "", value = ""] = selector.split("=");
  const nodes = await listNodes(kube, { labels: { [key]: value } });
  for (const { name } of nodes) await deleteNode(kube, name);
  return succeed(nodes.map(({ name }) => `[stand-in] node "${name}" deleted\n`).join(""));
};

const remove: Verb = (kube, args, place) => {
  if (args[0] === "pods") return removePods(kube, args, place);
  return args[0] === "nodes"
    ? removeNodes(kube, args, place)
    : Promise.resolve(notCovered(`kubectl delete ${args.join(" ")}`));
};

const VERBS: Readonly<Record<string, Verb>> = { get, cordon, drain, uncordon, wait, delete: remove };

/** As the administrator of admin.conf, which only a control plane has. */
export const kubectl = (place: Place, args: readonly string[]): Promise<Ended> => {
  if (!existsSync(join(place.root, "etc/kubernetes/admin.conf")))
    refuseBy("controlPlaneOnly", 1, "error: no administrator's kubeconfig on this machine");
  const [verb = "", ...rest] = args[0] === "--kubeconfig" ? args.slice(2) : args;
  const run = VERBS[verb] ?? (() => notCovered(`kubectl ${verb}`));
  return withLabKube(place.world.lab, kube => run(kube, rest, place));
};
