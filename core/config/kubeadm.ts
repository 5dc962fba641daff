import { z } from "zod";
import { minorText, parseKubeVersion } from "../version/kubeVersion";
import { acceptedOutageSchema } from "./acceptedOutage";
import { closed } from "./closed";
import { hosts } from "./hosts";
import { refuseValue } from "./refusal";
import { shaped } from "./shaped";

const path = (example: string) => shaped(/^\/[\w./-]+$/, "an absolute path", example);

const sshSchema = closed({
  user: shaped(/^[a-z_][a-z0-9_-]*$/, "a user's name", "root")
    .default("root")
    .describe("Who logs in; anybody but root needs sudo without a password."),
  knownHosts: z
    .string()
    .min(1)
    .describe("Path of a file as OpenSSH's known_hosts: each machine's host key, not hashed."),
});

const packagesSchema = closed({
  repository: shaped(
    /^https?:\/\/[^\s'"$`\\]*\{minor\}[^\s'"$`\\]*$/,
    "the address of a repository with {minor} in it",
    "https://pkgs.k8s.io/core:/stable:/v{minor}/deb/",
  )
    .default("https://pkgs.k8s.io/core:/stable:/v{minor}/deb/")
    .describe("Where apt finds kubeadm, kubelet and kubectl: one repository a minor."),
  keyring: path("/etc/apt/keyrings/kubernetes-apt-keyring.gpg")
    .default("/etc/apt/keyrings/kubernetes-apt-keyring.gpg")
    .describe("Keyring on the machines that the repository is signed with; it must be there."),
  revision: shaped(/^[\w.+~]+$/, "a revision", "1.1")
    .default("1.1")
    .describe("Revision of the control plane's packages: 1.36.4-1.1 is version 1.36.4, revision 1.1."),
});

/** `cluster.kubeadm`: a cluster that `kubeadm init` made, and how its machines are reached. */
export const kubeadmSchema = closed({
  controlPlanes: hosts().describe(
    "Control-plane machines, node name → ssh address; they are upgraded one by one, by name.",
  ),
  ssh: sshSchema.describe("How machines are reached. The key stays in your ssh agent (SSH_AUTH_SOCK)."),
  packages: packagesSchema.prefault({}).describe("Where packages come from."),
  acceptedOutage: acceptedOutageSchema
    .optional()
    .describe(
      "Says that workloads on control-plane machines may be away while these are upgraded in place, where no other node takes them. Without it that is refused.",
    ),
}).superRefine(({ controlPlanes }, context) => {
  if (Object.keys(controlPlanes).length > 0) return;
  const message = "found no machine; a cluster has at least one control-plane machine";
  refuseValue(context, { code: "Config.OutOfRange", message, fix: "add it: cp1: 10.0.0.11" }, [
    "controlPlanes",
  ]);
});

type KubeadmSpec = Readonly<z.output<typeof kubeadmSchema>>;

/** apt's source of one minor. */
export interface PackageSource {
  readonly url: string;
  readonly keyring: string;
}

export const packagesOf = ({ packages }: KubeadmSpec, version: string): PackageSource => {
  const parsed = parseKubeVersion(version);
  if (!parsed.ok) throw new Error(`"${version}" is no Kubernetes version`);
  return {
    url: packages.repository.replaceAll("{minor}", minorText(parsed.value)),
    keyring: packages.keyring,
  };
};

/** kubeadm upgrades to an exact version, and the way back of an emulating control plane is not built. */
export const checkKubeadm = (
  context: z.core.$RefinementCtx,
  { version, stage }: { readonly version: string; readonly stage: string },
): void => {
  const read = parseKubeVersion(version);
  if (read.ok && read.value.patch === undefined) {
    const message = `found "${version}"; kubeadm upgrades to an exact version, whose packages are pinned`;
    refuseValue(context, { code: "Kubeadm.PatchNeeded", message, fix: `write the patch: "${version}.1"` }, [
      "version",
    ]);
  }
  if (stage === "final") return;
  const message = `found "${stage}"; kubeadm upgrades straight to the new minor, an emulated version is not built here`;
  refuseValue(context, { code: "Kubeadm.NoEmulation", message, fix: "remove cluster.stage" }, ["stage"]);
};
