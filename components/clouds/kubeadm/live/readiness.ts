import { sourceLines } from "../facts";
import type { KubeadmPackages } from "../protocol";

/** What a machine brings along, as far as kubelet and kubeadm depend on it. */
export interface Readiness {
  /** Sockets of container runtimes, by file name. */
  readonly sockets: readonly string[];
  /** How `crictl version` ended on the first of them: 127 = there is no crictl. */
  readonly crictl: number;
  /** "containerd", "cri-o", as the runtime says; empty = it did not say. */
  readonly runtime: string;
  /** "v2.1.4"; empty = it did not say. */
  readonly runtimeVersion: string;
  /** systemd's word on containerd. Asked only where crictl is not there. */
  readonly containerdRuns: boolean;
  /** containerd makes cgroups by systemd. Asked of a containerd before 2.0. */
  readonly systemdCgroup: boolean;
  /** Type of the file system at /sys/fs/cgroup; empty = it did not say. */
  readonly cgroup: string;
  /** A device or file that is swapped to; empty = none. */
  readonly swap: string;
  /** Free part of the disk that /var/lib is on; undefined = it did not say. */
  readonly free: number | undefined;
  readonly keyring: boolean;
  /** What the wanted repositories offer now, "kubelet=1.36.4-1.1". */
  readonly offered: readonly string[];
  /** apt's first complaint when it asked them. */
  readonly complaint: string;
  /** Name → installed version. */
  readonly installed: Readonly<Record<string, string>>;
  /** Packages that those of Kubernetes need, and that its owner holds. */
  readonly held: readonly string[];
}

/** What kubeadm's and the kubelet's packages need of the same repository, and no script of ours releases from a hold. */
const DEPENDENCIES = ["cri-tools", "kubernetes-cni"];

/** As kubeadm looks for them: cmd/kubeadm/app/constants/constants_unix.go. */
const SOCKETS = ["/run/containerd/containerd.sock", "/run/crio/crio.sock", "/run/cri-dockerd.sock"];

/** A containerd before 2.0 does not tell the kubelet how it makes cgroups. */
const RUNTIME = [
  `for socket in ${SOCKETS.join(" ")}; do`,
  "[ -e $socket ] || continue",
  'echo "socket.${socket##*/} yes"',
  "answer=$(crictl --runtime-endpoint unix://$socket version 2>/dev/null)",
  "code=$?",
  'echo "crictl $code"',
  'echo "$answer" | while read -r name value; do echo "$name $value"; done',
  "done",
  "[ -e /run/containerd/containerd.sock ] && {",
  "version=",
  '[ "$code" = 127 ] && version=$(containerd --version 2>/dev/null) && set -- $version && echo containerd $3',
  '[ "$code" = 127 ] && [ "$(systemctl is-active containerd 2>/dev/null)" = active ] && echo containerdRuns yes',
  'case "$answer $version" in *" 1."*|*" v1."*) containerd config dump 2>/dev/null | grep -q "SystemdCgroup = true" && echo systemdCgroup yes ;; esac',
  "}",
];

const HOST = [
  'echo "cgroup $(stat -fc %T /sys/fs/cgroup/ 2>/dev/null)"',
  'echo "swap $(swapon --noheadings --show=NAME 2>/dev/null | head -n 1)"',
  "df -Pk /var/lib 2>/dev/null | { read -r title; read -r disk size used free rest; echo disk $free $size; }",
];

/** Into lists of its own, which are removed again: apt's own stay as they are. Tried with apt 2.6.1. */
const askRepositories = (packages: KubeadmPackages): readonly string[] => {
  const names = Object.keys(packages.versions).join(" ");
  return [
    `[ -f ${packages.keyring} ] && {`,
    "echo keyring yes",
    "own=$(mktemp -d)",
    'trap "rm -rf $own" EXIT',
    "chmod 755 $own",
    "mkdir -p $own/lists/partial $own/cache/archives/partial",
    `printf "%s\\n" ${sourceLines(packages)} > $own/kubernetes.list`,
    'options="-o Dir::Etc::sourcelist=$own/kubernetes.list -o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists=$own/lists -o Dir::Cache=$own/cache"',
    'options="$options -o Acquire::Retries=0 -o Acquire::http::Timeout=10 -o Acquire::https::Timeout=10"',
    "apt-get -q $options update > $own/said 2>&1",
    'echo "complaint $(grep -m 1 "^[EW]:" $own/said)"',
    `apt-cache $options madison ${names} 2>/dev/null | while read -r name bar version rest; do echo "offered.$name=$version yes"; done`,
    "}",
  ];
};

/** Everything in one go. Changes nothing on the machine. */
export const readinessLook = (packages: KubeadmPackages): readonly string[] => [
  ...RUNTIME,
  ...HOST,
  `dpkg-query -W -f="package.\\\${Package} \\\${db:Status-Want} \\\${Version}\\n" ${[...Object.keys(packages.versions), ...DEPENDENCIES].join(" ")} 2>/dev/null`,
  ...askRepositories(packages),
];

type Found = ReadonlyMap<string, string>;

const namesUnder = (found: Found, prefix: string): readonly string[] =>
  [...found.keys()].filter(key => key.startsWith(prefix)).map(key => key.slice(prefix.length));

const freeOf = (disk = ""): number | undefined => {
  const [free = "", size = ""] = disk.split(" ");
  return size === "" ? undefined : Number(free) / Number(size);
};

export const parseReadiness = (found: Found): Readiness => {
  const say = (name: string): string => found.get(name) ?? "";
  const packages = namesUnder(found, "package.").map(name => {
    const [want = "", version = ""] = say(`package.${name}`).split(" ");
    return { name, want, version };
  });
  return {
    sockets: namesUnder(found, "socket."),
    crictl: Number(say("crictl") || "127"),
    runtime: say("RuntimeName:").trim() || (found.has("containerd") ? "containerd" : ""),
    runtimeVersion: say("RuntimeVersion:").trim() || say("containerd"),
    containerdRuns: found.has("containerdRuns"),
    systemdCgroup: found.has("systemdCgroup"),
    ...{ cgroup: say("cgroup"), swap: say("swap").trim(), free: freeOf(found.get("disk")) },
    ...{ keyring: found.has("keyring"), offered: namesUnder(found, "offered."), complaint: say("complaint") },
    installed: Object.fromEntries(packages.map(({ name, version }) => [name, version])),
    held: packages
      .filter(({ name, want }) => want === "hold" && DEPENDENCIES.includes(name))
      .map(({ name }) => name),
  };
};
