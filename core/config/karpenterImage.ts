import { minorText, parseKubeVersion } from "../version/kubeVersion";

/** An AMI as an EC2NodeClass selects it. */
export interface KarpenterImage {
  readonly amiFamily: "AL2023" | "Bottlerocket";
  /** Of exactly one image of Amazon's in a region. */
  readonly name: string;
}

type NameOf = (minor: string, release: string) => string;

/** "1.36.1-20261105" was built that day; the AMI is called after the minor and the day. */
const al2023 =
  (variant: string): NameOf =>
  (minor, release) =>
    `amazon-eks-node-al2023-${variant}-${minor}-v${release.split("-").at(-1) ?? ""}`;

const bottlerocket =
  (arch: string, flavour = ""): NameOf =>
  (minor, release) =>
    `bottlerocket-aws-k8s-${minor}${flavour}-${arch}-v${release}`;

/**
 * AMI type of a managed node group → name of the AMI that its release is.
 * docs.aws.amazon.com/eks/latest/userguide/retrieve-ami-id.html and retrieve-ami-id-bottlerocket.html; the names
 * themselves are in github.com/awslabs/amazon-eks-ami, CHANGELOG.md, and bottlerocket-os/bottlerocket.
 */
const NAMES: Readonly<Record<string, NameOf>> = {
  AL2023_x86_64_STANDARD: al2023("x86_64-standard"),
  AL2023_ARM_64_STANDARD: al2023("arm64-standard"),
  AL2023_x86_64_NVIDIA: al2023("x86_64-nvidia"),
  AL2023_ARM_64_NVIDIA: al2023("arm64-nvidia"),
  AL2023_x86_64_NEURON: al2023("x86_64-neuron"),
  BOTTLEROCKET_x86_64: bottlerocket("x86_64"),
  BOTTLEROCKET_ARM_64: bottlerocket("aarch64"),
  BOTTLEROCKET_x86_64_NVIDIA: bottlerocket("x86_64", "-nvidia"),
  BOTTLEROCKET_ARM_64_NVIDIA: bottlerocket("aarch64", "-nvidia"),
};

export const karpenterFamilies: readonly string[] = Object.keys(NAMES);

/** The one AMI that a type's release is, for kubelets of a version ("1.36" or "1.36.4"); undefined for other types. */
export const karpenterImageOf = (
  type: string,
  image: { readonly version: string; readonly release: string },
): KarpenterImage | undefined => {
  const version = parseKubeVersion(image.version);
  const nameOf = NAMES[type];
  if (nameOf === undefined || !version.ok) return undefined;
  return {
    amiFamily: type.startsWith("AL2023") ? "AL2023" : "Bottlerocket",
    name: nameOf(minorText(version.value), image.release),
  };
};
