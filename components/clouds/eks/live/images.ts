import type { ConnectionRecipe } from "../../../../core/config/connection";
import type { Problem } from "../../../../core/problem";
import { accept, refuse, type Result } from "../../../../core/result";
import { minorText, parseKubeVersion } from "../../../../core/version/kubeVersion";
import type { ImageWanted } from "../../../../operations/ports";
import { amiTypeOf } from "../facts";
import { regionOf } from "./access";
import { ask, isNamed } from "./call";
import { minorsOf, nearestMinor, offeredVersions } from "./offered";
import { sendSigned } from "./signed";

const al2023 = (rest: string) => (minor: string) =>
  `/aws/service/eks/optimized-ami/${minor}/amazon-linux-2023/${rest}/recommended/release_version`;
const bottlerocket =
  (arch: string, variant = "") =>
  (minor: string) =>
    `/aws/service/bottlerocket/aws-k8s-${minor}${variant}/${arch}/latest/image_version`;

/**
 * AMI type → public parameter of Systems Manager that holds its newest release:
 * docs.aws.amazon.com/eks/latest/userguide/retrieve-ami-id.html and retrieve-ami-id-bottlerocket.html
 */
const PARAMETER: Readonly<Record<string, (minor: string) => string>> = {
  AL2023_x86_64_STANDARD: al2023("x86_64/standard"),
  AL2023_ARM_64_STANDARD: al2023("arm64/standard"),
  AL2023_x86_64_NVIDIA: al2023("x86_64/nvidia"),
  AL2023_ARM_64_NVIDIA: al2023("arm64/nvidia"),
  AL2023_x86_64_NEURON: al2023("x86_64/neuron"),
  BOTTLEROCKET_x86_64: bottlerocket("x86_64"),
  BOTTLEROCKET_ARM_64: bottlerocket("arm64"),
  BOTTLEROCKET_x86_64_NVIDIA: bottlerocket("x86_64", "-nvidia"),
  BOTTLEROCKET_ARM_64_NVIDIA: bottlerocket("arm64", "-nvidia"),
};

/** The newest release of the machine's AMI type for the version's minor, as Systems Manager publishes it. */
export const newestImage = async (wanted: ImageWanted): Promise<Result<string>> => {
  const { machine, family } = wanted;
  const type = family ?? amiTypeOf(machine);
  const version = parseKubeVersion(wanted.version);
  const parameter = PARAMETER[type];
  if (parameter === undefined) return refuse([unknownFamily(wanted, type)]);
  if (!version.ok) return version;
  const release = await readParameter(wanted.connection, parameter(minorText(version.value)));
  if (release === undefined) return refuse([await notOffered(wanted, type)]);
  return accept(family === undefined ? release : `${family}/${release}`);
};

/** `undefined` = there is none of that name. */
const readParameter = async (place: ConnectionRecipe, name: string): Promise<string | undefined> => {
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": "AmazonSSM.GetParameter" };
  const call = { service: "ssm", region: regionOf(place), headers, body: JSON.stringify({ Name: name }) };
  try {
    const text = await ask(
      { action: "ssm:GetParameter", on: name },
      () => sendSigned(call),
      "ParameterNotFound",
    );
    return (JSON.parse(text) as { readonly Parameter?: { readonly Value?: string } }).Parameter?.Value;
  } catch (error) {
    if (isNamed(error, "ParameterNotFound")) return undefined;
    throw error;
  }
};

const notOffered = async ({ pool, version, connection }: ImageWanted, type: string): Promise<Problem> => {
  const offered = minorsOf(await offeredVersions(regionOf(connection)));
  return {
    code: "Pin.NotOffered",
    path: `pools.${pool}.version`,
    message: `found "${version}"; EKS has no ${type} image of it. It offers ${offered.join(", ")}`,
    fix: `choose an offered version, the nearest is ${nearestMinor(version, offered)}`,
    source: "https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html",
  };
};

const unknownFamily = ({ pool }: ImageWanted, type: string): Problem => ({
  code: "Pin.UnknownFamily",
  path: `pools.${pool}.image`,
  message: `found the AMI type "${type}", of which no public parameter names the newest release; known are ${Object.keys(PARAMETER).join(", ")}`,
  fix: "take the release from the list of EKS AMI versions, or choose a known type",
  source: "https://docs.aws.amazon.com/eks/latest/userguide/eks-linux-ami-versions.html",
});
