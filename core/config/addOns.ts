import { z } from "zod";
import type { Problem } from "../problem";
import { closed } from "./closed";
import type { ClusterSpec } from "./cluster";
import { shaped } from "./shaped";

const exactVersion = () =>
  shaped(/^v\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/, "the exact version of an EKS add-on", "v1.36.0-eksbuild.2");

const adoptSchema = closed({
  version: exactVersion().describe("What it was at when it was taken over."),
});

const addOnSchema = closed({
  owner: z
    .enum(["program", "cloud", "external"])
    .describe(
      "Who changes its version. program: this stack, as an EKS add-on of its own. cloud: EKS has it as an add-on that this stack does not hold (console, Terraform, another stack). external: Helm, GitOps or a person. The last two are only checked: a version that does not fit the control plane to come is refused, one that can't be told is a warning.",
    ),
  version: exactVersion()
    .optional()
    .describe("Exact version; needed for owner program, and only there. `changeover pin` writes it."),
  roleArn: shaped(
    /^arn:aws[a-z-]*:iam::\d{12}:role\/.+$/,
    "the ARN of an IAM role",
    "arn:aws:iam::111122223333:role/name",
  )
    .optional()
    .describe("IAM role of its service account, where it needs one (owner program)."),
  settings: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("Its configuration values, by the schema that EKS has of that version (owner program)."),
  adopt: adoptSchema
    .optional()
    .describe(
      "Takes over an add-on that EKS has already, as it is (owner program). `changeover adopt --add-ons` writes it.",
    ),
});

/** `changeover:addOns`: cluster add-ons, by the names EKS gives them, and who looks after each. */
export const addOnsSchema = z.record(z.string().min(1), addOnSchema);

export type AddOnsSpec = Readonly<z.output<typeof addOnsSchema>>;
export type AddOnSpec = AddOnsSpec[string];

/** Names of the add-ons that this stack holds, sorted. */
export const ownAddOns = (addOns: AddOnsSpec): readonly string[] =>
  Object.keys(addOns)
    .filter(name => addOns[name]?.owner === "program")
    .sort();

/** What to do on the clouds that have no table of add-on versions to check by, or whose table is not read. */
const ELSEWHERE: Readonly<Record<Exclude<ClusterSpec["cloud"], "eks">, string>> = {
  gke: "GKE moves its own add-ons with the control plane; keep others in the tool that installs them",
  aks: "AKS moves its own add-ons with the control plane; keep others in the tool that installs them",
  kubeadm:
    "`kubeadm upgrade apply` renews CoreDNS and kube-proxy with the control plane; keep others in the tool that installs them",
  lab: "the lab has no add-ons; what you install there is yours",
};

/** Rules between an add-on's settings, its owner and the cloud. */
export const checkAddOns = ({ cloud }: Pick<ClusterSpec, "cloud">, addOns: AddOnsSpec): readonly Problem[] =>
  Object.entries(addOns).flatMap(([name, spec]) =>
    cloud === "eks" ? checkOwner(`addOns.${name}`, spec) : [notHere(`addOns.${name}`, cloud)],
  );

const notHere = (path: string, cloud: Exclude<ClusterSpec["cloud"], "eks">): Problem => ({
  code: "AddOns.OnlyEks",
  path,
  message: `found an add-on on cloud "${cloud}"; only EKS says which versions of an add-on fit a minor, so nothing could be kept or checked here`,
  fix: `remove it: ${ELSEWHERE[cloud]}`,
});

const OURS = ["version", "roleArn", "settings", "adopt"] as const;

const checkOwner = (path: string, spec: AddOnSpec): readonly Problem[] => {
  if (spec.owner === "program") return spec.version === undefined ? [noVersion(path)] : [];
  return OURS.filter(key => spec[key] !== undefined).map(key => notOurs(`${path}.${key}`, spec.owner));
};

const noVersion = (path: string): Problem => ({
  code: "AddOns.VersionNeeded",
  path: `${path}.version`,
  message: "missing; an add-on of this stack names its exact version, so that a preview shows the real plan",
  fix: "write it; `changeover pin` finds the one that EKS has for cluster.version",
});

const notOurs = (path: string, owner: AddOnSpec["owner"]): Problem => ({
  code: "AddOns.NotOurs",
  path,
  message: `found a setting for an add-on of owner "${owner}", which this stack only checks and never changes`,
  fix: "remove it, or set owner: program to let this stack keep the add-on",
});
