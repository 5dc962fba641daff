import { packagesOf, type ClusterSpec } from "../../../core/config";
import { MARKS } from "./facts";

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

/**
 * apt's sources for these versions, one repository a minor.
 * https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/change-package-repository/
 */
export const useRepositories = (kubeadm: Kubeadm, versions: readonly string[]): readonly string[] => {
  const sources = [...new Map(versions.map(version => [packagesOf(kubeadm, version).url, version])).keys()];
  const { keyring } = kubeadm.packages;
  const lines = sources.map(url => `"deb [signed-by=${keyring}] ${url} /"`).join(" ");
  return [
    `[ -f ${keyring} ] || fail "${keyring} is missing: without it apt trusts no package of ${sources.join(", ")}"`,
    `printf "%s\\n" ${lines} > /etc/apt/sources.list.d/kubernetes.list`,
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
