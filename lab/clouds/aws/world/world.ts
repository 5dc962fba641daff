import { Fault } from "../../fault";
import { notCovered } from "../rules";

/** An insight as a test or a demo sets it: the shape is EKS's own (API_Insight), times in seconds since 1970. */
export interface StandInInsight {
  readonly id: string;
  readonly name: string;
  readonly category: "UPGRADE_READINESS" | "ROLLBACK_READINESS";
  readonly kubernetesVersion?: string;
  readonly lastRefreshTime: number;
  readonly description?: string;
  readonly recommendation?: string;
  readonly insightStatus: { readonly status: string; readonly reason?: string };
  readonly categorySpecificSummary?: object;
}

type OptIn = "opt-in-not-required" | "opted-in" | "not-opted-in";

/** What an account and its region are like beside the cluster. A test or a demo changes it; nothing is kept. */
export interface World {
  /** Cluster → its insights; the stand-in answers one that passes where none are set. */
  readonly insights: Map<string, readonly StandInInsight[]>;
  /** Subnet → addresses that nothing has. */
  readonly free: Map<string, number>;
  /** Subnets that EC2 does not know. */
  readonly noSubnets: Set<string>;
  /** Names of AMIs that the region does not have. */
  readonly noImages: Set<string>;
  /** "service/code" → value of the quota; undefined = Service Quotas has none applied. */
  readonly quotas: Map<string, number | undefined>;
  /** vCPUs of on-demand machines that run, as CloudWatch counts them; undefined = no count. */
  vcpusRunning: number | undefined;
  /** Machine type → zone letters that offer it; all of them where it is not set. */
  readonly offeredIn: Map<string, readonly string[]>;
  /** Minor → its end of standard support (ISO day); far off where it is not set. */
  readonly standardEnds: Map<string, string>;
  /** Regions of the partition → whether the account has them, in EC2's words; no other has an address. */
  readonly regions: Map<string, OptIn>;
  /** Who calls. */
  caller: string;
  /** IAM actions that this caller may not do: simulated so, and refused when they are called. */
  readonly denied: Set<string>;
  /** IAM actions that depend on a condition key which only the call has. */
  readonly conditional: Map<string, string>;
}

/** A /20 less the five addresses that AWS keeps (VPC user guide, subnet-sizing). */
export const FREE = 4_091;
/** No AWS default: enough for every story told on the stand-in. */
const VCPUS = 256;

/** Some of AWS's. */
const REGIONS = ["us-east-1", "us-west-2", "eu-central-1", "eu-west-1", "eu-west-2", "eu-west-3"];

export const openWorld = (account: string): World => ({
  insights: new Map(),
  free: new Map(),
  noSubnets: new Set(),
  noImages: new Set(),
  quotas: new Map([
    ["ec2/L-1216C47A", VCPUS],
    ["ec2/L-34B43A08", VCPUS],
    ["eks/L-6D54EA21", 30],
    ["eks/L-BD136A63", 450],
  ]),
  vcpusRunning: 0,
  offeredIn: new Map(),
  standardEnds: new Map(),
  regions: new Map([
    ...REGIONS.map(name => [name, "opt-in-not-required"] as const),
    ["eu-south-1", "not-opted-in"],
  ]),
  caller: `arn:aws:sts::${account}:assumed-role/deployer/changeover`,
  denied: new Set(),
  conditional: new Map(),
});

/** A service's own name of a refusal for want of a permission. */
const REFUSAL: Readonly<Record<string, string>> = {
  ec2: "UnauthorizedOperation",
  eks: "AccessDeniedException",
};

/** Every identity may ask who it is (API_GetCallerIdentity). */
const ALWAYS = "sts:GetCallerIdentity";

export const permit = ({ denied, caller }: World, action: string): void => {
  if (!denied.has(action) || action === ALWAYS) return;
  const service = action.split(":")[0] ?? "";
  const message = `User: ${caller} is not authorized to perform: ${action}`;
  throw new Fault(REFUSAL[service] ?? "AccessDenied", message, 403);
};

export const mustQuota = ({ quotas }: World, service: string, code: string): number => {
  const key = `${service}/${code}`;
  if (!quotas.has(key)) return notCovered(`the quota ${key}`);
  const value = quotas.get(key);
  if (value !== undefined) return value;
  throw new Fault("NoSuchResourceException", `no quota ${key} is applied`, 400);
};
