import { compareMinor, type KubeVersion, parseKubeVersion } from "../version/kubeVersion";
import { servedMinor } from "../version/poolVersion";
import type { Problem } from "../problem";
import { accept, refuse, type Result } from "../result";
import type { DesiredCluster, ObservedCluster, ObservedNode, ObservedVersion, UpgradeFacts } from "./cluster";
import type { ControlPlaneState, Stage } from "./controlPlaneChange";
import { isOpen, wayBackOf } from "./wayBack";

export interface LiveControlPlane {
  /** Newest binary: what kubelets may trail. */
  readonly binary: KubeVersion;
  /** Oldest API served: what no kubelet may be newer than. */
  readonly served: KubeVersion;
  readonly state: ControlPlaneState;
}

export interface LiveNode extends ObservedNode {
  readonly version: KubeVersion;
}

/** Both clusters with their versions read: what every rule takes. */
export interface Situation {
  readonly observed: ObservedCluster;
  readonly desired: DesiredCluster;
  readonly facts: UpgradeFacts;
  /** Absent = no cluster yet. */
  readonly live?: LiveControlPlane;
  /** Without virtual ones, whose versions are none of a kubelet. */
  readonly nodes: readonly LiveNode[];
  readonly target: {
    readonly binary: KubeVersion;
    readonly served: KubeVersion;
    readonly state: ControlPlaneState;
  };
}

export interface Verdicts {
  readonly blockers?: readonly Problem[];
  readonly warnings?: readonly Problem[];
}

export type Rule = (situation: Situation) => Verdicts;

/** Reads every version once; what can't be read is refused, all of it at once. */
export const readSituation = (
  observed: ObservedCluster,
  desired: DesiredCluster,
  facts: UpgradeFacts,
): Result<Situation> => {
  const live = readControlPlane(observed, desired, facts);
  const nodes = observed.nodes.filter(node => node.virtual !== true).map(readNode);
  const target = readTarget(desired.cluster);
  const unread = [live, ...nodes, target].flatMap(read => (read.ok ? [] : read.problems));
  if (!live.ok || !target.ok || unread.length > 0) return refuse(unread);
  return accept({
    observed,
    desired,
    facts,
    ...(live.value === undefined ? {} : { live: live.value }),
    nodes: nodes.flatMap(node => (node.ok ? [node.value] : [])),
    target: target.value,
  });
};

const readTarget = ({ version, stage }: DesiredCluster["cluster"]): Result<Situation["target"]> => {
  const binary = parseKubeVersion(version);
  if (!binary.ok) return refuse(binary.problems.map(problem => ({ ...problem, path: "cluster.version" })));
  return accept({
    binary: binary.value,
    served: servedMinor(binary.value, stage),
    state: { version, stage },
  });
};

const readNode = (node: ObservedNode): Result<LiveNode> => {
  const version = parseKubeVersion(node.kubelet);
  return version.ok
    ? accept({ ...node, version: version.value })
    : refuse([unreadable(`node ${node.name}`, node.kubelet)]);
};

/** Where the live control plane stands; undefined = there is none, or its versions can't be read, which a rule refuses. */
export const stateOf = (
  ...[observed, desired, facts]: Parameters<typeof readControlPlane>
): ControlPlaneState | undefined => {
  const read = readControlPlane(observed, desired, facts);
  return read.ok ? read.value?.state : undefined;
};

/** With the minor that its cloud would take it back to now. */
const readControlPlane = (
  { version, ledger }: Pick<ObservedCluster, "version" | "ledger">,
  { controlPlaneBack }: Pick<DesiredCluster, "controlPlaneBack">,
  { now }: Pick<UpgradeFacts, "now">,
): Result<LiveControlPlane | undefined> => {
  if (version === undefined) return accept(undefined);
  const live = readLive(version);
  const way = wayBackOf(ledger.reached, controlPlaneBack);
  if (!live.ok || live.value.state.stage === "emulated") return live;
  if (way === undefined || !isOpen(way, now)) return live;
  return accept({ ...live.value, state: { ...live.value.state, backTo: way.to } });
};

const readLive = (live: ObservedVersion): Result<LiveControlPlane> => {
  const texts = [live.binary, ...(live.apiservers ?? [])];
  const read = texts.map(parseKubeVersion);
  const bad = texts.filter((_text, index) => read[index]?.ok === false);
  const binaries = read.flatMap(version => (version.ok ? [version.value] : [])).sort(compareMinor);
  const [oldest, newest] = [binaries[0], binaries[binaries.length - 1]];
  if (bad.length > 0 || oldest === undefined || newest === undefined) {
    return refuse(bad.map(text => unreadable("the control plane", text)));
  }
  return live.emulated === undefined
    ? accept(plain(oldest, newest, live.binary))
    : readEmulating(live.emulated, newest, live.binary);
};

const plain = (oldest: KubeVersion, newest: KubeVersion, binary: string): LiveControlPlane => ({
  binary: newest,
  served: oldest,
  state: { version: binary, stage: "final" },
});

/** Binaries may serve their own minor, or exactly the one before: with anything else no rule below would hold. */
const readEmulating = (emulated: string, newest: KubeVersion, binary: string): Result<LiveControlPlane> => {
  const served = parseKubeVersion(emulated);
  if (!served.ok) return refuse([unreadable("the control plane's emulated version", emulated)]);
  const stage: Stage = compareMinor(served.value, newest) === 0 ? "final" : "emulated";
  if (compareMinor(served.value, servedMinor(newest, stage)) !== 0)
    return refuse([oddEmulation(binary, emulated)]);
  return accept({ binary: newest, served: served.value, state: { version: binary, stage } });
};

const oddEmulation = (binary: string, emulated: string): Problem => ({
  code: "ControlPlane.OddEmulation",
  path: "cluster",
  message: `the control plane runs ${binary} and serves ${emulated}; only its own minor or the one before are understood`,
  fix: "bring the emulated version to the minor before the binaries' by hand",
});

const unreadable = (subject: string, found: string): Problem => ({
  code: "Version.Unreadable",
  path: "cluster",
  message: `${subject} reports the version "${found}", which can't be read; unknown is never treated as fine`,
  fix: "look at what runs there",
});
