import type { PoolSpec } from "../../core/config";
import { restingNode, type WrittenNode } from "../../core/drain/greenNodes";
import type { Wishes } from "../../core/drain/stranded";
import { describeVolumeRoom } from "../../core/drain/volumeProblems";
import {
  type Berth,
  judgeVolumeRoom,
  type MovingVolume,
  type VolumeMover,
} from "../../core/drain/volumeRoom";
import { LABEL } from "../../core/identity/names";
import type { Problem } from "../../core/problem";
import { nodesToGain } from "../../core/upgrade/toCome";
import {
  type AttachmentView,
  KINDS,
  type KubeClient,
  type NodeView,
  type PodView,
  projectAttachment,
  projectCsiNode,
  type VolumeView,
} from "../../kube";
import { listIfAllowed } from "../drain/places";
import type { Findings } from "../ports";
import { limitsByKind, type KnownLimits, kindOf } from "./volumeLimits";
import { byClaim, type Volumes, volumesOf } from "./movers";
import { looksOf, type Standing, type Wanted } from "./nodesAfter";

/** A pod on a node that goes. */
export interface Mover {
  readonly pool: PoolSpec;
  readonly node: NodeView;
  readonly pod: PodView;
  readonly wishes: Wishes;
}

/** What is there, and who of it moves. */
interface Moving {
  readonly nodes: readonly Standing[];
  readonly wanted: Wanted;
  /** Every pod on a node. */
  readonly pods: readonly PodView[];
  readonly movers: readonly Mover[];
  readonly volumes: readonly VolumeView[];
}

const NOTHING: Findings = { blockers: [], warnings: [] };

/** Whether the nodes that there will be may have the volumes that move onto them, by what each driver says a node takes. */
export const checkVolumeRoom = async (
  kube: KubeClient,
  moving: Moving,
  signal: AbortSignal,
): Promise<Findings> => {
  const claims = byClaim(moving.volumes);
  const movers = moving.movers.flatMap(({ pool, pod, wishes }): readonly VolumeMover[] => {
    const volumes = countedOf(volumesOf(pod, claims));
    return volumes.length === 0 ? [] : [{ pool: pool.name, wishes, volumes }];
  });
  if (movers.length === 0) return NOTHING;
  const [csiNodes, attachments] = await Promise.all([
    listIfAllowed(kube, { kind: KINDS.csiNodes, project: projectCsiNode }, signal),
    listIfAllowed(kube, { kind: KINDS.attachments, project: projectAttachment }, signal),
  ]);
  if (csiNodes === undefined || attachments === undefined) return { blockers: [], warnings: [notRead] };
  const limits = limitsByKind(
    moving.nodes.map(({ node }) => node),
    csiNodes,
  );
  const drivers = [...new Set(movers.flatMap(({ volumes }) => volumes.map(({ driver }) => driver)))];
  const seen: Seen = { ...moving, claims, limits, drivers, attachments };
  const [sure, most] = [berths(seen, "sure"), berths(seen, "most")];
  return describeVolumeRoom(judgeVolumeRoom({ movers, sure, most }));
};

interface Seen extends Moving {
  readonly claims: Volumes;
  readonly limits: KnownLimits;
  readonly drivers: readonly string[];
  readonly attachments: readonly AttachmentView[];
}

/** Two volumes with one handle are one for their driver. */
const idOf = ({ driver = "", handle, name }: VolumeView): string =>
  handle === undefined ? `volume ${name}` : `${driver} ${handle}`;

/** What no driver serves has no limit; a disk of one node's own is not attached anywhere else. */
const countedOf = (volumes: readonly VolumeView[]): readonly MovingVolume[] =>
  volumes.flatMap(volume =>
    volume.driver === undefined || volume.local ? [] : [{ id: idOf(volume), driver: volume.driver }],
  );

/** `most` is never less than what could be, `sure` never more than what will be. */
type Bound = "sure" | "most";

const berths = (seen: Seen, bound: Bound): readonly Berth[] => [
  ...staying(seen, bound),
  ...seen.wanted.pools.flatMap(pool => coming(seen, pool, bound)),
];

const staying = (seen: Seen, bound: Bound): readonly Berth[] =>
  seen.nodes
    .filter(({ pool }) => pool === undefined)
    .map(({ node }) => {
      const used = usedOn(seen, node.name, bound);
      const limits = seen.limits.ofNode(node, bound);
      const rest = seen.drivers.flatMap(driver => {
        const limit = limits[driver];
        const own = [...used.values()].filter(one => one === driver).length;
        return limit === undefined ? [] : [[driver, limit - own] as const];
      });
      return {
        ...{ machine: kindOf(node.labels), looks: [restingNode(node)] },
        count: bound === "sure" && node.unschedulable ? 0 : 1,
        ...{ free: Object.fromEntries(rest), held: new Set(used.keys()) },
      };
    });

/** Id → driver. An attachment that no pod uses may be gone by then. */
const usedOn = (seen: Seen, node: string, bound: Bound): ReadonlyMap<string, string> => {
  const hanging = new Set(
    bound === "sure" ? seen.attachments.filter(one => one.node === node).map(({ volume }) => volume) : [],
  );
  const used = [
    ...seen.pods.filter(pod => pod.node === node).flatMap(pod => volumesOf(pod, seen.claims)),
    ...seen.volumes.filter(({ name }) => hanging.has(name)),
  ];
  return new Map(countedOf(used).map(({ id, driver }) => [id, driver]));
};

const coming = (seen: Seen, pool: PoolSpec, bound: Bound): readonly Berth[] => {
  const { nodes, wanted, limits } = seen;
  const looks = looksOf(pool, { nodes, wanted, withHand: bound === "most" });
  const { start, most } = toGain(pool, seen);
  if (looks.length === 0 || most === 0) return [];
  const berth = (those: readonly WrittenNode[], count: number): Berth => ({
    ...{ pool: pool.name, machine: kindOf(those[0]?.labels ?? {}), looks: those, count },
    ...{ free: limits.ofComing(those, bound), held: new Set() },
  });
  if (bound === "most")
    return [
      berth(
        looks.map(({ look }) => look),
        most,
      ),
    ];
  const whole = looks.reduce((sum, { weight }) => sum + weight, 0);
  return looks.map(({ look, weight }) => berth([look], Math.floor((start * weight) / whole)));
};

/** Karpenter makes nodes for pods as they wait for one. */
const toGain = (
  pool: PoolSpec,
  { nodes, wanted }: Seen,
): { readonly start: number; readonly most: number } => {
  const own = nodes.filter(({ node }) => node.labels[LABEL.pool] === pool.name);
  const leaving = own.filter(standing => standing.pool === pool).length;
  const gain = nodesToGain(pool, wanted.generations[pool.name] ?? "", {
    active: own.length - leaving,
    leaving,
  });
  return pool.karpenter === undefined ? gain : { start: gain.most, most: gain.most };
};

const notRead: Problem = {
  code: "Preflight.VolumeLimitsNotRead",
  path: "pools",
  message:
    "whether coming nodes hold the volumes that move was not checked: csinodes or volumeattachments of storage.k8s.io may not be listed",
  fix: "allow list on both (kubectl auth can-i list csinodes), and run the preview again",
};
