import type { Problem } from "../problem";
import { compareMinor, type KubeVersion, minorText } from "../version/kubeVersion";
import { checkNewer, checkOlder, type KubeletSkew, SKEW_POLICY_URL } from "../version/skew";
import { isWayBack } from "./controlPlaneChange";
import type { LiveNode, Rule, Situation } from "./situation";

const LISTED = 3;

/** "a, b, c and 4 more": sorted and capped, so that the same situation always gives the same text. */
export const list = (names: readonly string[]): string => {
  const sorted = [...new Set(names)].sort();
  const rest = sorted.length - LISTED;
  return rest > 0 ? `${sorted.slice(0, LISTED).join(", ")} and ${rest} more` : sorted.join(", ");
};

/** Kubelets with the same version in the same pool are one finding. */
interface KubeletGroup {
  readonly subject: string;
  readonly path: string;
  readonly kubelet: KubeVersion;
  readonly pool?: string;
}

const groupNodes = (nodes: readonly LiveNode[]): readonly KubeletGroup[] => {
  const groups = Map.groupBy(nodes, node => `${node.pool ?? ""} ${minorText(node.version)}`);
  return [...groups.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, group]) => describeGroup(group));
};

const describeGroup = (group: readonly LiveNode[]): KubeletGroup[] => {
  const [first] = group;
  if (first === undefined) return [];
  const names = list(group.map(node => node.name));
  if (first.pool === undefined) {
    return [{ subject: `node ${names} (of no pool of ours)`, path: "cluster", kubelet: first.version }];
  }
  return [
    {
      subject: `pool "${first.pool}" (${names})`,
      path: `pools.${first.pool}.version`,
      kubelet: first.version,
      pool: first.pool,
    },
  ];
};

/** Both directions, over all Node objects, against everything the API servers will be during this `up`. */
export const kubeletSkew: Rule = situation => {
  const findings = groupNodes(situation.nodes).flatMap(group => judgeGroup(situation, group));
  return {
    blockers: findings.flatMap(({ blocker }) => blocker ?? []),
    warnings: findings.flatMap(({ warning }) => warning ?? []),
  };
};

interface Finding {
  readonly blocker?: Problem;
  readonly warning?: Problem;
}

const judgeGroup = (situation: Situation, group: KubeletGroup): Finding[] => {
  const { live, target, desired } = situation;
  const skew: KubeletSkew = {
    ...group,
    oldest: target.served,
    newest: newer(live?.binary, target.binary),
    mayTrail: desired.kubeletMayTrail,
  };
  return [...judgeNewer(situation, skew, group), ...judgeOlder(situation, skew)];
};

const newer = (live: KubeVersion | undefined, target: KubeVersion): KubeVersion =>
  live !== undefined && compareMinor(live, target) > 0 ? live : target;

/** Newer than the target is refused; newer than today's API only is already broken, and this `up` heals it. */
const judgeNewer = ({ live, target }: Situation, skew: KubeletSkew, group: KubeletGroup): Finding[] => {
  const problem = checkNewer(skew);
  if (problem !== undefined) {
    const back = live !== undefined && isWayBack(live.state, target.state);
    return [{ blocker: back ? nodesFirst(skew, live.state, group) : problem }];
  }
  const present = live === undefined ? undefined : checkNewer({ ...skew, oldest: live.served });
  return present === undefined
    ? []
    : [{ warning: { ...present, fix: "this `up` brings the control plane there" } }];
};

/** Going back has an order: nodes before the control plane. The refusal prints the edit that comes first. */
const nodesFirst = (
  { subject, path, kubelet, oldest }: KubeletSkew,
  state: { readonly version: string; readonly stage: string },
  { pool }: KubeletGroup,
): Problem => ({
  code: "ControlPlane.NodesFirst",
  path,
  message: `${subject} runs kubelet ${minorText(kubelet)} and the control plane would go back to ${minorText(oldest)}; nodes go back first`,
  fix: `first, in its own \`up\`: cluster.version: "${state.version}", cluster.stage: ${state.stage}${pool === undefined ? "" : `, pools.${pool}.version: "${minorText(oldest)}"`}; then set cluster.version: "${minorText(oldest)}"`,
  source: SKEW_POLICY_URL,
});

/** A move up may not leave a kubelet behind; where the control plane stays, what is behind already is only told. */
const judgeOlder = ({ live, target }: Situation, skew: KubeletSkew): Finding[] => {
  const problem = checkOlder(skew);
  const raises = live === undefined || compareMinor(target.binary, live.binary) > 0;
  if (problem !== undefined) return raises ? [{ blocker: problem }] : [{ warning: problem }];
  const atLimit = skew.newest.minor - skew.kubelet.minor === skew.mayTrail;
  return atLimit ? [{ warning: lastMinor(skew) }] : [];
};

const lastMinor = ({ subject, path, kubelet, newest, mayTrail }: KubeletSkew): Problem => ({
  code: "Skew.AtLimit",
  path,
  message: `${subject} runs kubelet ${minorText(kubelet)}, ${mayTrail} minors behind ${minorText(newest)}: the most that is allowed`,
  fix: "move it before the control plane is upgraded again",
  source: SKEW_POLICY_URL,
});
