import type { StandInRule } from "../standInRule";

const KUBEADM = "https://kubernetes.io/docs/reference/setup-tools/kubeadm";
const UPGRADE = "https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-upgrade/";

/** Rules of kubeadm and apt that the stand-in machines keep, each with the page that states it. */
export const RULES = {
  oneMinor: { rule: "kubeadm upgrade goes one minor at a time", source: UPGRADE },
  kubeadmFirst: {
    rule: "kubeadm itself is of the minor it upgrades to, and not older than the version",
    source: UPGRADE,
  },
  nodesReady: { rule: "kubeadm upgrade wants every node Ready", source: UPGRADE },
  applyFirst: {
    rule: "kubeadm upgrade node follows the version that kubeadm upgrade apply set for the cluster",
    source: `${KUBEADM}/kubeadm-upgrade/`,
  },
  sameKubeadm: {
    rule: "a machine joins by the kubeadm minor that the cluster was last upgraded by",
    source:
      "https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/create-cluster-kubeadm/#version-skew-policy",
  },
  kubeletTrails: {
    rule: "a kubelet is not newer than kubeadm, and at most three minors older",
    source: "https://kubernetes.io/releases/version-skew-policy/",
  },
  validToken: {
    rule: "a join needs a token that the cluster knows and that has not ended",
    source: `${KUBEADM}/kubeadm-join/`,
  },
  pinnedAuthority: {
    rule: "the hash of the cluster's authority must be the one the join was told",
    source: `${KUBEADM}/kubeadm-join/`,
  },
  notTwice: {
    rule: "a machine that has a kubelet.conf does not join again before kubeadm reset",
    source: `${KUBEADM}/implementation-details/`,
  },
  nodeNameFree: {
    rule: "a Ready node of the same name keeps another machine from joining under it",
    source: `${KUBEADM}/implementation-details/`,
  },
  controlPlaneOnly: {
    rule: "tokens are made, and control planes upgraded, where /etc/kubernetes/admin.conf is",
    source: UPGRADE,
  },
  drainSpares: {
    rule: "kubectl drain refuses pods without a controller and pods with an emptyDir, unless it is told to delete them; the node is cordoned by then",
    source: "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_drain/",
  },
  repositoryOfMinor: {
    rule: "a repository of packages holds one minor",
    source: "https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/change-package-repository/",
  },
  signedRepository: {
    rule: "apt takes nothing of a repository whose signature its keyring does not verify, and apt-get update ends well all the same",
    source: "https://manpages.debian.org/stable/apt/apt-secure.8.en.html",
  },
  criAnswers: {
    rule: "a containerd whose CRI plugin is switched off has its socket and answers no kubelet",
    source: "https://kubernetes.io/docs/setup/production-environment/container-runtimes/#containerd",
  },
  cgroupV2: {
    rule: "kubeadm refuses a machine of cgroup v1 for a kubelet of 1.35 or newer",
    source: "https://kubernetes.io/docs/concepts/architecture/cgroups/",
  },
  oneRuntime: {
    rule: "kubeadm join finds one container runtime by its socket, and is told of no other",
    source:
      "https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/install-kubeadm/#installing-runtime",
  },
  held: {
    rule: "a held package is not changed by apt-get install -y",
    source: "https://manpages.debian.org/stable/apt/apt-get.8.en.html",
  },
  noDowngrade: {
    rule: "apt-get install -y does not downgrade",
    source: "https://manpages.debian.org/stable/apt/apt-get.8.en.html",
  },
} as const satisfies Record<string, StandInRule>;

export type RuleName = keyof typeof RULES;

/** What a program of a machine ends with. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export const succeed = (stdout = ""): Ended => ({ code: 0, stdout, stderr: "" });

/** Ends a program as the real one does; thrown, so that rules read as a list. */
export class ProgramFailed extends Error {
  declare readonly ended: Ended;

  constructor(code: number, stderr: string) {
    super(stderr);
    Object.defineProperty(this, "ended", { value: { code, stdout: "", stderr: `${stderr}\n` } });
  }
}

/** The rule is named so that what a test met can be looked up. */
export const refuseBy = (rule: RuleName, code: number, message: string): never => {
  throw new ProgramFailed(code, `${message} [stand-in: ${rule}]`);
};

/** Something the real program does and the stand-in does not: said, never guessed. */
export const notCovered = (what: string): never => {
  throw new ProgramFailed(64, `StandInLimit: the stand-in machines do not cover ${what}`);
};
