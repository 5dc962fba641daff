import type { Problem } from "../problem";
import { accept, refuse, type Result } from "../result";
import type { Catalog } from "../version/catalog";
import { parseGenerationId } from "../identity/names";
import {
  addMinors,
  compareMinor,
  compareVersion,
  formatVersion,
  type KubeVersion,
  minorText,
  parseKubeVersion,
} from "../version/kubeVersion";
import { checkOlder } from "../version/skew";
import type { DesiredCluster, DesiredPool, ObservedCluster } from "./cluster";
import { checkNoDowngrade } from "./controlPlaneChange";
import type { Ledger } from "./ledgerRecord";
import { type Course, movePools, openUp, type PlannedUp, type PoolMove, type Step } from "./course";
import { poolsFitControlPlane, poolVersionsReadable } from "./poolRules";
import { type LiveControlPlane, readSituation, type Situation } from "./situation";

export type { PlannedUp, Step } from "./course";

/**
 * The chain of `up`s from the live cluster to the desired one, one minor of the control plane each. Pools may skip
 * minors: one moves before the end only where it would fall out of skew, and then as far as it may, so that each moves
 * as rarely as possible. A pool that runs several versions counts with its oldest.
 */
export const planUpgrade = (
  observed: ObservedCluster,
  desired: DesiredCluster,
  catalog: Catalog,
): Result<readonly PlannedUp[]> => {
  const read = readSituation(observed, desired, { catalog, now: catalog.checked });
  if (!read.ok) return read;
  const { live } = read.value;
  if (live === undefined) return refuse([noCluster()]);
  const impossible = findImpossible(read.value, live);
  return impossible.length > 0 ? refuse(impossible) : accept(plot(read.value, live).ups);
};

const noCluster = (): Problem => ({
  code: "Plan.NoCluster",
  path: "cluster",
  message: "there is no cluster yet, so there is nothing to plan from",
  fix: "run `pulumi up`: it creates the cluster at the desired versions",
});

/** What no number of `up`s can bring about. */
const findImpossible = (situation: Situation, live: LiveControlPlane): readonly Problem[] => {
  const downgrade = checkNoDowngrade(live.state, situation.target.state);
  return [
    ...(poolVersionsReadable(situation).blockers ?? []),
    ...(poolsFitControlPlane(situation).blockers ?? []),
    ...(downgrade === undefined ? [] : [downgrade]),
    ...findStrangers(situation),
  ];
};

/** Nodes that no configured pool owns can't be moved by any step of ours. */
const findStrangers = ({ nodes, target, desired }: Situation): Problem[] => {
  const ours = new Set(desired.pools.map(({ name }) => name));
  return nodes
    .filter(({ pool }) => pool === undefined || !ours.has(pool))
    .flatMap(({ name, version }) => {
      const skew = {
        subject: `node ${name}`,
        path: "cluster",
        kubelet: version,
        mayTrail: desired.kubeletMayTrail,
      };
      return checkOlder({ ...skew, oldest: target.served, newest: target.binary }) ?? [];
    });
};

const plot = (situation: Situation, live: LiveControlPlane): Course => {
  const start: Course = {
    ups: [],
    controlPlane: { version: live.binary, stage: live.state.stage },
    pools: poolsNow(situation),
  };
  const back = compareMinor(situation.target.binary, live.binary) < 0;
  const arrived = back ? lower(situation, start) : raise(situation, finishStage(situation, start));
  return movePools(arrived, lastMoves(situation, arrived));
};

const poolsNow = ({ desired, nodes }: Situation): Course["pools"] =>
  Object.fromEntries(
    desired.pools.map(({ name, version }) => {
      const found = nodes.filter(({ pool }) => pool === name).map(node => node.version);
      const [oldest] = found.sort(compareMinor);
      return [name, oldest ?? readAgain(version)];
    }),
  );

/** Only for versions that a rule above has read already. */
const readAgain = (text: string): KubeVersion => {
  const version = parseKubeVersion(text);
  if (!version.ok) throw new Error(`"${text}" was accepted and can't be read`);
  return version.value;
};

/** An emulating control plane becomes final before anything newer. */
const finishStage = ({ target, desired }: Situation, course: Course): Course => {
  const { version, stage } = course.controlPlane;
  const stays = compareMinor(version, target.binary) === 0 && desired.cluster.stage === "emulated";
  if (stage === "final" || stays) return course;
  return openUp(course, { version, stage: "final" }, { kind: "makeFinal", version: formatVersion(version) });
};

const raise = (situation: Situation, course: Course): Course => {
  const { target, desired } = situation;
  const { version } = course.controlPlane;
  if (compareMinor(version, target.binary) >= 0) return patch(situation, course);
  const next = addMinors(version, 1);
  const last = compareMinor(next, target.binary) === 0;
  const to = last ? target.binary : next;
  const stage = last ? desired.cluster.stage : "final";
  const ready = movePools(course, forcedMoves(situation, course, next));
  const step: Step = { kind: "raiseControlPlane", from: minorText(version), to: formatVersion(to), stage };
  return raise(situation, openUp(ready, { version: to, stage }, step));
};

/** Within a minor the control plane still moves when config names another patch. */
const patch = ({ target, desired }: Situation, course: Course): Course => {
  const { version } = course.controlPlane;
  if (target.binary.patch === undefined || compareVersion(version, target.binary) === 0) return course;
  const { stage } = desired.cluster;
  const [from, to] = [formatVersion(version), formatVersion(target.binary)];
  return openUp(course, { version: target.binary, stage }, { kind: "raiseControlPlane", from, to, stage });
};

/** Pools that would trail too far behind the next minor: each goes as far as the present one allows. */
const forcedMoves = ({ desired }: Situation, course: Course, next: KubeVersion): PoolMove[] =>
  desired.pools.flatMap(({ name, version }) => {
    const present = course.pools[name];
    if (present === undefined || next.minor - present.minor <= desired.kubeletMayTrail) return [];
    const wanted = readAgain(version);
    const { version: limit } = course.controlPlane;
    return [{ pool: name, to: compareMinor(wanted, limit) <= 0 ? wanted : addMinors(limit, 0) }];
  });

/** Nodes first: what is newer than the old minor goes back in an `up` of its own. */
const lower = (situation: Situation, course: Course): Course => {
  const { target } = situation;
  const newer = lastMoves(situation, course).filter(({ pool }) => isNewer(course.pools[pool], target.binary));
  const ready = movePools(course, newer);
  const from = formatVersion(course.controlPlane.version);
  const step: Step = { kind: "lowerControlPlane", from, to: formatVersion(target.binary), stage: "final" };
  return openUp(ready, { version: target.binary, stage: "final" }, step);
};

const isNewer = (version: KubeVersion | undefined, than: KubeVersion): boolean =>
  version !== undefined && compareMinor(version, than) > 0;

/** Whatever is not yet what config asks for; held pools and pools on their way out stay. */
const lastMoves = ({ desired, observed }: Situation, course: Course): PoolMove[] =>
  desired.pools
    .filter(({ hold, remove }) => !hold && !remove)
    .flatMap(pool => {
      const to = readAgain(pool.version);
      const elsewhere = compareMinor(course.pools[pool.name] ?? to, to) !== 0;
      return elsewhere || isRemade(pool, observed.ledger, desired.generations)
        ? [{ pool: pool.name, to }]
        : [];
    });

/** The same minor with other machines is a move too. */
const isRemade = (
  { name, version }: DesiredPool,
  ledger: Ledger,
  wanted: DesiredCluster["generations"],
): boolean => {
  const active = ledger.pools[name]?.active;
  if (active === undefined || active === wanted[name]) return false;
  return parseGenerationId(active)?.minor === minorText(readAgain(version));
};
