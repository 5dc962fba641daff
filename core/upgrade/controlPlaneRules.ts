import type { Problem } from "../problem";
import { compareMinor, formatVersion, minorText, parseKubeVersion } from "../version/kubeVersion";
import { checkControlPlaneChange, isOlderPatch, isWayBack } from "./controlPlaneChange";
import type { LiveControlPlane, Rule, Situation } from "./situation";
import { isOpen, type WayBack, wayBackOf } from "./wayBack";

/** Skips and downgrades, judged by the live control plane; what the cloud did on its own is told apart. */
export const controlPlaneMove: Rule = situation => {
  const { live, target, observed, desired } = situation;
  if (live === undefined) return {};
  const drifted = driftedAhead(live, observed.ledger.reached?.version, target);
  if (drifted !== undefined) return { blockers: [drifted] };
  const refused = checkControlPlaneChange(live.state, target.state);
  if (refused !== undefined)
    return { blockers: [becameFinal(situation, live, refused) ?? explainClosed(situation, live, refused)] };
  if (!isWayBack(live.state, target.state)) return {};
  if (desired.controlPlaneBack === "none") return { blockers: [noWayBack(desired.cluster.cloud, live)] };
  return { warnings: tellBack(situation, live) };
};

const tellBack = (
  { observed, target }: Situation,
  { state, binary, served }: LiveControlPlane,
): readonly Problem[] => {
  if (state.backTo !== undefined) return [takenBackAlone(state.backTo)];
  const { reached } = observed.ledger;
  if (reached === undefined || reached.stage === "emulated") return [];
  return [
    {
      code: "ControlPlane.BegunElsewhere",
      path: "cluster.version",
      message: `found "${target.state.version}" while the control plane runs ${formatVersion(binary)} and serves ${minorText(served)}, and no completed run took it there: this \`up\` takes it back`,
      fix: `set cluster.version: "${minorText(binary)}", cluster.stage: emulated to keep it`,
    },
  ];
};

/** Seen emulating by us, final now: its cloud completed the upgrade when its time was over, or somebody did. */
const becameFinal = (
  { observed: { ledger }, target }: Situation,
  live: LiveControlPlane,
  refused: Problem,
): Problem | undefined => {
  const { reached } = ledger;
  const seen = reached?.stage === "emulated" ? parseKubeVersion(reached.version) : undefined;
  if (refused.code !== "ControlPlane.Downgrade" || seen?.ok !== true) return undefined;
  if (live.state.stage === "emulated" || compareMinor(seen.value, live.binary) !== 0) return undefined;
  return {
    code: "ControlPlane.BecameFinal",
    path: "cluster.stage",
    message: `found "${target.state.version}" (${target.state.stage}) while the control plane, last seen emulating, serves ${minorText(live.binary)} by now: its cloud completed the upgrade when the time for going back was over, or somebody did`,
    fix: `set cluster.version: "${minorText(live.binary)}", cluster.stage: final; to go back with the workloads set the pools' versions back instead`,
  };
};

/** Where the cloud takes an upgrade back for some days, the refusal says why this one is not among them. */
const explainClosed = (
  { observed, desired, target, facts }: Situation,
  live: LiveControlPlane,
  refused: Problem,
): Problem => {
  const { controlPlaneBack: back, cluster } = desired;
  if (refused.code !== "ControlPlane.Downgrade" || typeof back === "string") return refused;
  const way = wayBackOf(observed.ledger.reached, back);
  return {
    code: "ControlPlane.WayBackClosed",
    path: "cluster.version",
    message: `found "${target.state.version}" while the control plane runs ${formatVersion(live.binary)}; cloud "${cluster.cloud}" takes an upgrade back by one minor for ${String(back.withinDays)} days, and ${whyClosed(way, facts.now)}`,
    fix: `set cluster.version: "${minorText(live.binary)}"; to go back with the workloads set the pools' versions back instead`,
  };
};

const whyClosed = (way: WayBack | undefined, now: string): string => {
  if (way === undefined) return "no run of this stack recorded an upgrade to where it is";
  return isOpen(way, now) ? `that leads to "${way.to}" only` : `the last one's time ended on ${way.until}`;
};

const takenBackAlone = (minor: string): Problem => ({
  code: "ControlPlane.TakenBackAlone",
  path: "cluster.version",
  message: `the cloud takes the control plane back to ${minor} and nothing else: add-ons, and objects of APIs that came with the newer minor, stay as they are`,
  fix: `check that every add-on runs on ${minor} before this \`up\``,
});

/** Newer than config although we never took it there: sending config now would be a downgrade. */
const driftedAhead = (
  live: LiveControlPlane,
  reached: string | undefined,
  target: Situation["target"],
): Problem | undefined => {
  if (live.state.stage === "emulated" || compareMinor(live.binary, target.binary) <= 0) return undefined;
  const known = reached === undefined ? undefined : parseKubeVersion(reached);
  if (known?.ok === true && compareMinor(known.value, live.binary) >= 0) return undefined;
  return {
    code: "ControlPlane.DriftedAhead",
    path: "cluster.version",
    message: `found "${target.state.version}" while the control plane already runs ${formatVersion(live.binary)}, and no completed run took it there: the cloud upgraded it, or an \`up\` ended half-way`,
    fix: `set cluster.version: "${minorText(live.binary)}"; it is never sent as a downgrade. To go back with the workloads, set the pools' versions back instead`,
  };
};

const noWayBack = (cloud: string, live: LiveControlPlane): Problem => ({
  code: "ControlPlane.NoWayBack",
  path: "cluster.version",
  message: `cloud "${cloud}" offers no way back for a control plane`,
  fix: `set cluster.version: "${minorText(live.binary)}"; pools can still go back`,
});

/** A version nobody has heard of, one that is out of support, one the lab can't run, a patch that goes back. */
export const versionIsKnown: Rule = ({ target, desired, facts: { catalog } }) => {
  const minor = minorText(target.binary);
  if (catalog.minors[minor] === undefined)
    return { blockers: [unknownVersion(target.state.version, Object.keys(catalog.minors))] };
  if (desired.cluster.cloud !== "lab") return {};
  const offered = catalog.lab[minor];
  const fits =
    offered !== undefined && (target.binary.patch === undefined || offered === formatVersion(target.binary));
  return fits ? {} : { blockers: [notInLab(target.state.version, Object.values(catalog.lab))] };
};

const unknownVersion = (found: string, known: readonly string[]): Problem => ({
  code: "Version.Unknown",
  path: "cluster.version",
  message: `found "${found}"; known minors are ${[...known].sort((a, b) => a.localeCompare(b, "en", { numeric: true })).join(", ")}`,
  fix: "correct the version, or take a release of changeover that knows it",
});

const notInLab = (found: string, offered: readonly string[]): Problem => ({
  code: "Version.NotInLab",
  path: "cluster.version",
  message: `found "${found}"; the lab runs ${[...offered].sort().join(", ")}`,
  fix: "choose one of these, or only its minor",
});

export const patchGoesBack: Rule = ({ live, target }) => {
  if (live === undefined || !isOlderPatch(live.binary, target.binary)) return {};
  return {
    warnings: [
      {
        code: "ControlPlane.OlderPatch",
        path: "cluster.version",
        message: `found "${target.state.version}" while ${formatVersion(live.binary)} runs: the same API, older fixes`,
        fix: `set cluster.version: "${formatVersion(live.binary)}" unless this is meant`,
      },
    ],
  };
};
