/**
 * What is true of kubeadm whatever the cluster. Skew: kubernetes.io/releases/version-skew-policy. A control plane does
 * not go back: kubeadm has no undo, and an emulated version is not built here.
 */
export const kubeadmFacts = { kubeletMayTrail: 3, controlPlaneBack: "none" } as const;

/** Where changeover keeps what it knows of a machine: the generation it is joining, then the one it joined. */
export const MARKS = "/var/lib/changeover";
/** One line, "endpoint token hash": how to join. In memory only, for root only, gone after the join. */
export const INVITATION = "/run/changeover/invitation";

/** Lines of a file that apt reads its sources from, as words of a shell's command. */
export const sourceLines = ({
  keyring,
  sources,
}: {
  readonly keyring: string;
  readonly sources: readonly string[];
}): string => sources.map(url => `"deb [signed-by=${keyring}] ${url} /"`).join(" ");
