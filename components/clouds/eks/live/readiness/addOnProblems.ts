import type { AddOnSpec } from "../../../../../core/config";
import type { Problem } from "../../../../../core/problem";
import { describeHeld, FAILED, type HeldAddOn, type ListedVersion } from "../addOns";

/** One add-on of config, and where the control plane goes: minors. */
export interface WantedAddOn {
  readonly name: string;
  readonly spec: AddOnSpec;
  readonly target: string;
  /** What the control plane serves now; absent = there is no cluster yet. */
  readonly live?: string;
}

/** What runs in the cluster under the add-on's name. */
export interface InstalledAddOn {
  /** "DaemonSet kube-system/aws-node". */
  readonly workload: string;
  /** Of its image: "v1.19.2"; absent where the tag says none. */
  readonly version?: string;
  /** "Helm release cni", "Argo CD"; absent = nothing says so. */
  readonly keeper?: string;
  /** The same, where the tool itself has marked it: charts write a label of their own into what EKS installs, too. */
  readonly tool?: string;
}

const COMPATIBILITY = "https://docs.aws.amazon.com/eks/latest/userguide/addon-compat.html";
const CREATE = "https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAddon.html";
const ROLLBACK = "https://docs.aws.amazon.com/eks/latest/userguide/rollback-cluster.html";
const CNI = "https://github.com/terraform-aws-modules/terraform-aws-eks/issues/2749";

export const pathOf = ({ name }: WantedAddOn, key = ""): string => `addOns.${name}${key}`;

const SHOWN = 5;

const compatibleOnes = (listed: readonly ListedVersion[], minor: string): string => {
  const ones = listed.filter(({ minors }) => minors.includes(minor));
  const shown = ones
    .slice(0, SHOWN)
    .map(one => (one.defaultFor.includes(minor) ? `${one.version} (default)` : one.version));
  const more = ones.length > SHOWN ? `, and ${String(ones.length - SHOWN)} older` : "";
  return ones.length === 0 ? "none" : `${shown.join(", ")}${more}`;
};

export const incompatible = (
  { name, target, spec }: WantedAddOn,
  listed: readonly ListedVersion[],
  { path, found }: { readonly path: string; readonly found: string },
): Problem => ({
  code: "Eks.AddOnIncompatible",
  path,
  message: `${found}, which EKS does not list for Kubernetes ${target}; it lists ${compatibleOnes(listed, target)}`,
  fix:
    spec.owner === "program"
      ? "choose one of these; `changeover pin` writes EKS's default"
      : `let the owner of ${name} bring it to one of these before this upgrade`,
  source: COMPATIBILITY,
});

export const unknownName = (wanted: WantedAddOn): Problem => ({
  code: "Eks.AddOnUnknown",
  path: pathOf(wanted),
  message: `found "${wanted.name}"; EKS has no add-on of that name`,
  fix: "correct the name (`aws eks describe-addon-versions`), or set owner: external for software of your own",
  source: COMPATIBILITY,
});

export const heldElsewhere = (wanted: WantedAddOn, held: HeldAddOn): Problem => ({
  code: "Eks.AddOnHeldElsewhere",
  path: pathOf(wanted, ".owner"),
  message: `found "program"; EKS has ${wanted.name} ${held.version} in this cluster already, and no stack of changeover made it`,
  fix: "set owner: cloud while somebody else keeps it; `changeover adopt --add-ons` takes it over, as it is",
  source: CREATE,
});

export const keptElsewhere = (wanted: WantedAddOn, keeper: string): Problem => ({
  code: "Eks.AddOnKeptElsewhere",
  path: pathOf(wanted, ".adopt"),
  message: `${keeper} keeps ${wanted.name}, too: it and this stack would change it in turn`,
  fix: `set owner: cloud to have it only checked; or let ${keeper} give it up first`,
});

export const nothingToAdopt = (wanted: WantedAddOn): Problem => ({
  code: "Eks.AddOnNothingToAdopt",
  path: pathOf(wanted, ".adopt"),
  message: `EKS has no ${wanted.name} in this cluster that could be taken over`,
  fix: "remove adopt: the stack then makes the add-on",
});

export const installedElsewhere = (
  wanted: WantedAddOn,
  { workload, version, keeper }: InstalledAddOn,
): Problem => ({
  code: "Eks.AddOnInstalledElsewhere",
  path: pathOf(wanted, ".owner"),
  message: `found "program"; ${workload} ${version ?? "of unknown version"} is there, kept by ${keeper ?? "nobody that says so"}, and is no add-on of EKS: making one would end in a conflict, or seize it`,
  fix: `set owner: external to have it only checked; docs/add-ons.md says how a stack takes it over`,
  source: CREATE,
});

export const failed = (wanted: WantedAddOn, held: HeldAddOn): Problem => ({
  code: "Eks.AddOnFailed",
  path: pathOf(wanted),
  message: `EKS could not make or end ${wanted.name}: ${describeHeld(held)}`,
  fix: `put right what EKS names, then \`aws eks delete-addon --preserve --addon-name ${wanted.name}\` and \`pulumi refresh\`; or set another owner`,
});

export const unwell = (wanted: WantedAddOn, held: HeldAddOn): Problem => ({
  code: "Eks.AddOnUnwell",
  path: pathOf(wanted),
  message: `EKS says of ${wanted.name} ${held.version}: ${describeHeld(held)}`,
  fix: FAILED.includes(held.status)
    ? "put right what EKS names; the next update of the add-on tries again"
    : "put right what EKS names, or wait; nodes are not touched before it is ACTIVE",
});

export const goesBackFirst = (
  wanted: WantedAddOn,
  held: HeldAddOn,
  listed: readonly ListedVersion[],
): Problem => ({
  code: "Eks.AddOnBeforeWayBack",
  path: pathOf(wanted, ".version"),
  message: `${wanted.name} runs ${held.version}, which EKS does not list for Kubernetes ${wanted.target}; a control plane goes back before its add-ons do, and takes none with it`,
  fix: `with cluster.version still "${wanted.live ?? ""}", first bring it in an \`up\` of its own to a version that both list: ${compatibleOnes(
    listed.filter(({ minors }) => minors.includes(wanted.live ?? "")),
    wanted.target,
  )}`,
  source: ROLLBACK,
});

export const oneMinor = (wanted: WantedAddOn, held: HeldAddOn): Problem => ({
  code: "Eks.CniOneMinor",
  path: pathOf(wanted, ".version"),
  message: `found "${wanted.spec.version ?? ""}" while ${held.version} runs; EKS moves vpc-cni by one minor at a time, up or down`,
  fix: "go there in several `up`s, a minor in each",
  source: CNI,
});

export const lagsFirst = (wanted: WantedAddOn, held: HeldAddOn): Problem => ({
  code: "Eks.AddOnLagsFirst",
  path: pathOf(wanted),
  message: `${wanted.name} ${held.version} is not listed for Kubernetes ${wanted.target}; between the control plane's move and its own it runs there all the same`,
  fix: "to avoid that, first bring it in an `up` of its own to a version that both minors list",
  source: COMPATIBILITY,
});

export const unknownVersion = (wanted: WantedAddOn, { workload, version }: InstalledAddOn): Problem => ({
  code: "Eks.AddOnVersionUnknown",
  path: pathOf(wanted),
  message: `${workload} runs ${version ?? "an image whose tag names no version"}, of which EKS says nothing: whether it fits Kubernetes ${wanted.target} is unknown`,
  fix: `look into the notes of ${wanted.name} for ${wanted.target} before this upgrade`,
});
