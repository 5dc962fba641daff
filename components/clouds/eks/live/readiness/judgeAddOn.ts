import type { AddOnSpec } from "../../../../../core/config";
import type { Problem } from "../../../../../core/problem";
import { type Findings } from "../../../shared/live/sideBySide";
import { cniSkips, type HeldAddOn, type ListedVersion } from "../addOns";
import {
  failed,
  goesBackFirst,
  heldElsewhere,
  incompatible,
  type InstalledAddOn,
  installedElsewhere,
  keptElsewhere,
  lagsFirst,
  nothingToAdopt,
  oneMinor,
  pathOf,
  unknownName,
  unknownVersion,
  unwell,
  type WantedAddOn,
} from "./addOnProblems";

export interface SeenAddOn {
  readonly listed: readonly ListedVersion[];
  readonly held?: HeldAddOn;
  readonly installed?: InstalledAddOn;
}

/** What EKS and the cluster say of one add-on before anything moves. Pure. */
export const judgeAddOn = (wanted: WantedAddOn, seen: SeenAddOn): Findings =>
  JUDGES[wanted.spec.owner](wanted, seen);

type Judge = (wanted: WantedAddOn, seen: SeenAddOn) => Findings;

const fits = (listed: readonly ListedVersion[], version: string, minor: string): boolean =>
  listed.some(one => one.version === version && one.minors.includes(minor));

const minorNumber = (minor: string): number => Number(minor.split(".")[1]);

const when = (so: boolean, problem: () => Problem): readonly Problem[] => (so ? [problem()] : []);

const program: Judge = (wanted, seen) => {
  const misfits = checkWanted(wanted, seen.listed);
  const others = [...checkHolder(wanted, seen), ...checkStep(wanted, seen)];
  const now = checkNow(wanted, seen);
  return isAsFound(wanted, seen)
    ? { blockers: others, warnings: [...misfits, ...now] }
    : { blockers: [...misfits, ...others], warnings: now };
};

/** Taking over what runs already, beneath a control plane that stays, moves nothing into a misfit. */
const isAsFound = ({ spec, live, target }: WantedAddOn, { held }: SeenAddOn): boolean =>
  spec.adopt !== undefined && held?.version === spec.version && live === target;

const checkWanted = (wanted: WantedAddOn, listed: readonly ListedVersion[]): readonly Problem[] => {
  const { spec, target } = wanted;
  if (listed.length === 0) return [unknownName(wanted)];
  return when(!fits(listed, spec.version ?? "", target), () =>
    incompatible(wanted, listed, {
      path: pathOf(wanted, ".version"),
      found: `found "${spec.version ?? ""}"`,
    }),
  );
};

/** Never seized: an add-on that is there and not this stack's stays whose it is. */
const checkHolder = (wanted: WantedAddOn, { held, installed }: SeenAddOn): readonly Problem[] => {
  if (held === undefined)
    return installed === undefined ? checkThere(wanted) : [installedElsewhere(wanted, installed)];
  if (!isOurs(wanted, held)) return [heldElsewhere(wanted, held)];
  const keeper = otherKeeper(held, installed);
  if (keeper !== undefined) return [keptElsewhere(wanted, keeper)];
  return when(held.status === "CREATE_FAILED" || held.status === "DELETE_FAILED", () => failed(wanted, held));
};

const otherKeeper = (held: HeldAddOn, installed: InstalledAddOn | undefined): string | undefined =>
  held.ours ? undefined : (held.keeper ?? installed?.tool);

const checkThere = (wanted: WantedAddOn): readonly Problem[] =>
  when(wanted.spec.adopt !== undefined, () => nothingToAdopt(wanted));

/** One that was taken over keeps its tags: config alone says that it is this stack's. */
const isOurs = ({ spec }: WantedAddOn, held: HeldAddOn | undefined): held is HeldAddOn =>
  held !== undefined && (held.ours || spec.adopt !== undefined);

/** What runs now is what a control plane that goes back meets, because it moves before its add-ons. */
const checkStep = (wanted: WantedAddOn, { held, listed }: SeenAddOn): readonly Problem[] => {
  if (!isOurs(wanted, held)) return [];
  const { live, target, spec, name } = wanted;
  const back = live !== undefined && minorNumber(live) > minorNumber(target);
  return [
    ...when(back && !fits(listed, held.version, target), () => goesBackFirst(wanted, held, listed)),
    ...when(name === "vpc-cni" && cniSkips(held.version, spec.version ?? ""), () => oneMinor(wanted, held)),
  ];
};

const checkNow = (wanted: WantedAddOn, { held, listed }: SeenAddOn): readonly Problem[] => {
  if (held === undefined) return [];
  const { live, target } = wanted;
  const forth = live !== undefined && minorNumber(live) < minorNumber(target);
  return [
    ...when(held.status !== "ACTIVE" && held.status !== "CREATE_FAILED", () => unwell(wanted, held)),
    ...when(forth && !fits(listed, held.version, target), () => lagsFirst(wanted, held)),
  ];
};

const cloud: Judge = (wanted, { held, listed }) => {
  if (held === undefined) return notFound(wanted, "EKS has no such add-on in this cluster");
  return {
    blockers: when(!fits(listed, held.version, wanted.target), () =>
      incompatible(wanted, listed, { path: pathOf(wanted), found: `EKS runs ${held.version}` }),
    ),
    warnings: when(held.status !== "ACTIVE", () => unwell(wanted, held)),
  };
};

const external: Judge = (wanted, seen) => {
  const { held, installed, listed } = seen;
  if (held !== undefined) return cloud(wanted, seen);
  if (installed === undefined) return notFound(wanted, "nothing of that name runs in kube-system");
  const version = installed.version ?? "";
  const same = listed.filter(one => base(one.version) === base(version));
  if (version === "" || same.length === 0)
    return { blockers: [], warnings: [unknownVersion(wanted, installed)] };
  if (same.some(one => one.minors.includes(wanted.target))) return { blockers: [], warnings: [] };
  const found = `${installed.workload} runs ${version}`;
  return { blockers: [incompatible(wanted, listed, { path: pathOf(wanted), found })], warnings: [] };
};

/** EKS's own builds of a version count as that version: what Helm installs has no "-eksbuild.1". */
const base = (version: string): string => version.replace(/-eksbuild\.\d+$/, "").replace(/^v?/, "v");

/** A cluster that is still to be made can't have it yet. */
const notFound = (wanted: WantedAddOn, reason: string): Findings => ({
  blockers: [],
  warnings: when(wanted.live !== undefined, () => ({
    code: "Eks.AddOnNotFound",
    path: pathOf(wanted),
    message: `${reason}, so whether it runs on ${wanted.target} is unknown`,
    fix: `check it by hand, or remove ${pathOf(wanted)} if it is not there`,
  })),
});

const JUDGES: Record<AddOnSpec["owner"], Judge> = { program, cloud, external };
