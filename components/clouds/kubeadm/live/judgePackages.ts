import type { Problem } from "../../../../core/problem";
import type { Findings } from "../../../../operations/ports";
import type { KubeadmPackages } from "../protocol";
import type { Readiness } from "./readiness";
import type { Machine } from "./ssh";

interface Wanted {
  readonly machine: Machine;
  readonly packages: KubeadmPackages;
}

const REPOSITORY = "https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/change-package-repository/";

/** Whether apt could install these packages on the machine now. */
export const judgePackages = (found: Readiness, { machine, packages }: Wanted): Findings => {
  const { held } = found;
  return {
    blockers: [...judgeOffers(found, { machine, packages }), ...judgeInstalled(found, { machine, packages })],
    warnings: held.length === 0 ? [] : [heldBack(machine, held)],
  };
};

const judgeOffers = ({ keyring, offered, complaint }: Readiness, wanted: Wanted): readonly Problem[] => {
  const { machine, packages } = wanted;
  if (!keyring) return [noKeyring(machine, packages)];
  if (offered.length === 0) return [noRepository(machine, packages, complaint)];
  const lacking = Object.entries(packages.versions).filter(
    ([name, version]) => !offered.includes(`${name}=${version}`),
  );
  return lacking.length === 0 ? [] : [notOffered(wanted, lacking, { offered, complaint })];
};

const judgeInstalled = ({ installed }: Readiness, { machine, packages }: Wanted): readonly Problem[] => {
  const newer = Object.entries(packages.versions).filter(
    ([name, version]) => compare(installed[name] ?? version, version) > 0,
  );
  return newer.length === 0 ? [] : [newerThere(machine, newer, installed)];
};

const compare = (a: string, b: string): number => a.localeCompare(b, "en", { numeric: true });

const pathOf = ({ node }: Machine): string => `hosts.${node}`;
const called = ({ node, address }: Machine): string => `${node} at ${address}`;

const noKeyring = (machine: Machine, { keyring, sources }: KubeadmPackages): Problem => ({
  code: "Kubeadm.NoKeyring",
  path: pathOf(machine),
  message: `${called(machine)} has no ${keyring}: without it apt trusts no package of ${sources.join(", ")}`,
  fix: `put it there: curl -fsSL ${sources[0] ?? ""}Release.key | gpg --dearmor -o ${keyring}; or correct cluster.kubeadm.packages.keyring`,
  source: REPOSITORY,
});

const noRepository = (machine: Machine, { sources }: KubeadmPackages, complaint: string): Problem => ({
  code: "Kubeadm.NoRepository",
  path: pathOf(machine),
  message: `apt on ${called(machine)} finds no package in ${sources.join(", ")}${complaint === "" ? "" : `: ${complaint}`}`,
  fix: "see that the machine reaches the repository and that its keyring is the repository's own; or correct cluster.kubeadm.packages",
  source: REPOSITORY,
});

interface Offer {
  readonly offered: readonly string[];
  readonly complaint: string;
}

/** Of one minor alone the repository may be the one that did not answer. */
const notOffered = (
  { machine, packages }: Wanted,
  lacking: readonly (readonly [string, string])[],
  { offered, complaint }: Offer,
): Problem => ({
  code: "Kubeadm.NotOffered",
  path: pathOf(machine),
  message: `apt on ${called(machine)} is offered no ${lacking.map(([name, version]) => `${name} ${version}`).join(", ")} by ${packages.sources.join(", ")}${complaint === "" ? `; of ${lacking[0]?.[0] ?? ""} there is ${offersOf(offered, lacking[0]?.[0] ?? "")}` : `: ${complaint}`}`,
  fix: "write a version that is offered: its patch in cluster.version, its revision in cluster.kubeadm.packages.revision, and in pools.<name>.image both",
  source: REPOSITORY,
});

const MOST = 3;

/** The newest few. */
const offersOf = (offered: readonly string[], name: string): string => {
  const versions = offered.flatMap(offer =>
    offer.startsWith(`${name}=`) ? [offer.slice(name.length + 1)] : [],
  );
  return versions.length === 0 ? "none" : versions.sort(compare).reverse().slice(0, MOST).join(", ");
};

const newerThere = (
  machine: Machine,
  newer: readonly (readonly [string, string])[],
  installed: Readiness["installed"],
): Problem => ({
  code: "Kubeadm.NewerPackage",
  path: pathOf(machine),
  message: `${called(machine)} has ${newer.map(([name]) => `${name} ${installed[name] ?? ""}`).join(", ")}, and apt does not go back to ${newer.map(([, version]) => version)[0] ?? ""} by itself`,
  fix: `take the packages off there while it is no node: apt-get remove -y --allow-change-held-packages ${newer.map(([name]) => name).join(" ")}; or list another machine`,
  source: "https://manpages.debian.org/stable/apt/apt-get.8.en.html",
});

const heldBack = (machine: Machine, held: readonly string[]): Problem => ({
  code: "Kubeadm.DependencyHeld",
  path: pathOf(machine),
  message: `${called(machine)} holds ${held.join(", ")}: where a new kubeadm or kubelet needs a newer one, apt refuses to install it`,
  fix: `apt-mark unhold ${held.join(" ")}`,
  source: "https://manpages.debian.org/stable/apt/apt-mark.8.en.html",
});
