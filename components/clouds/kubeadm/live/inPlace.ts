import {
  collectionPath,
  KINDS,
  type KubeClient,
  listBudgets,
  listNodes,
  listProjected,
  type NodeView,
  projectPod,
  readVersion,
} from "../../../../kube";
import type { KubeadmMachinesInputs } from "../protocol";
import { machinesOf } from "./controlPlane";
import { type InPlaceFindings, judgeInPlace } from "./judgeInPlace";
import type { Machine } from "./ssh";

/** Machines of the control plane, and when they are asked about. */
export type AskedInPlace = Pick<KubeadmMachinesInputs, "hosts" | "version" | "acceptedOutage"> & {
  readonly now: number;
};

interface Standing {
  readonly nodes: readonly NodeView[];
  /** Machines that are not yet at the version, also those that a failed run left behind. */
  readonly left: readonly Machine[];
}

const standingOf = async (
  kube: KubeClient,
  { hosts, version = "" }: Pick<AskedInPlace, "hosts" | "version">,
  signal: AbortSignal,
): Promise<Standing> => {
  const [{ binary }, nodes] = await Promise.all([readVersion(kube, { signal }), listNodes(kube, { signal })]);
  const done = new Set(
    nodes.filter(({ kubeletVersion }) => kubeletVersion === `v${version}`).map(({ name }) => name),
  );
  return { nodes, left: machinesOf(hosts).filter(({ node }) => binary !== version || !done.has(node)) };
};

export const toUpgrade = async (
  kube: KubeClient,
  asked: Pick<AskedInPlace, "hosts" | "version">,
  signal: AbortSignal,
): Promise<readonly Machine[]> => (await standingOf(kube, asked, signal)).left;

/** What draining each of them where it stands does to its pods, and which machines nothing new lands on already. */
export const lookInPlace = async (
  kube: KubeClient,
  asked: AskedInPlace,
  signal: AbortSignal,
): Promise<InPlaceFindings> => {
  const { nodes, left } = await standingOf(kube, asked, signal);
  const found = left.length === 0 ? [] : await judgeAll(kube, { asked, nodes, left }, signal);
  const closed = nodes.filter(({ name, unschedulable }) => unschedulable && name in asked.hosts);
  return {
    problems: found.flatMap(({ problems }) => problems),
    told: [...closed.map(({ name }) => sayClosed(name)), ...found.flatMap(({ told }) => told)],
  };
};

const judgeAll = async (
  kube: KubeClient,
  { asked, nodes, left }: Standing & { readonly asked: AskedInPlace },
  signal: AbortSignal,
): Promise<readonly InPlaceFindings[]> => {
  const [budgets, { items: pods }] = await Promise.all([
    listBudgets(kube, { signal }),
    listProjected(kube, { path: collectionPath(KINDS.pods), project: projectPod, signal }),
  ]);
  const accepted = {
    outage: asked.acceptedOutage,
    today: new Date(asked.now).toISOString().slice(0, "2026-12-31".length),
  };
  return left.map(({ node }) => judgeInPlace({ machine: node, nodes, budgets, pods }, accepted));
};

const sayClosed = (node: string): string =>
  `${node} is cordoned: \`up\` opens it where a run that was cut off left it so, and leaves it so otherwise`;
