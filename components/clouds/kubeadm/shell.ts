import { packagesOf, type ClusterSpec } from "../../../core/config";
import { MARKS, sourceLines } from "./facts";
import type { KubeadmPackages } from "./protocol";

type Kubeadm = NonNullable<ClusterSpec["kubeadm"]>;

/** What a script begins with. `fail` ends it with one line that says why. */
export const OPENING = [
  "set -eu",
  'fail() { echo "changeover: $1" >&2; exit 1; }',
  "export DEBIAN_FRONTEND=noninteractive",
  `mkdir -p ${MARKS}`,
];

/** One command line for any login shell; root's rights where the user is not root. */
export const asRoot = (user: string, lines: readonly string[]): string => {
  const script = lines.join("\n").replaceAll("'", `'\\''`);
  return `${user === "root" ? "" : "sudo -n "}sh -c '${script}'`;
};

/** Exact versions of packages, and where apt finds them: one repository a minor. */
export const packagesFor = (
  kubeadm: Kubeadm,
  versions: Readonly<Record<string, string>>,
): KubeadmPackages => {
  const minors = Object.values(versions).map(version => version.split("-")[0] ?? "");
  const sources = new Set(minors.map(version => packagesOf(kubeadm, version).url));
  return { keyring: kubeadm.packages.keyring, sources: [...sources], versions };
};

/** apt's sources: https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/change-package-repository/ */
export const useRepositories = (packages: KubeadmPackages): readonly string[] => {
  const { keyring, sources } = packages;
  return [
    `[ -f ${keyring} ] || fail "${keyring} is missing: without it apt trusts no package of ${sources.join(", ")}"`,
    `printf "%s\\n" ${sourceLines(packages)} > /etc/apt/sources.list.d/kubernetes.list`,
    "apt-get update",
  ];
};

/** Exact packages, held so that no other upgrade of the machine moves them. Name → version. */
export const install = (packages: Readonly<Record<string, string>>): readonly string[] => {
  const names = Object.keys(packages).join(" ");
  const pinned = Object.entries(packages)
    .map(([name, version]) => `${name}=${version}`)
    .join(" ");
  return [`apt-mark unhold ${names}`, `apt-get install -y ${pinned}`, `apt-mark hold ${names}`];
};
