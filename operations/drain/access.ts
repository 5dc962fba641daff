import type { Problem } from "../../core/problem";
import { isKubeError, type KubeClient, KubeError, namespacePath, readVersion } from "../../kube";
import { NAMES } from "../../core/identity/names";
import {
  type Extras,
  FIRST_RUN_GRANT,
  type Grant,
  grantsFor,
  KEDA,
  rbacFlagsFor,
} from "../../core/drain/grants";
import { type Granted, missingOf, reportMissing } from "./permissions";

/** Whether the run can be begun at all. With a problem nothing may be started; warnings are lines for the user. */
export interface Access {
  readonly server: string;
  /** It answered and took our credentials. */
  readonly reached: boolean;
  /** As the server names the caller; absent when it does not say. */
  readonly user?: string;
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

export interface AccessPorts {
  readonly kube: KubeClient;
  /** Milliseconds since the epoch by this machine's clock. */
  readonly now: () => number;
  readonly signal?: AbortSignal;
  /** What the run may do beside evicting; default: nothing. */
  readonly extras?: Extras;
}

/** More makes lease and event times of two machines hard to compare. */
const MAX_SKEW_SECONDS = 30;

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const unreachable = (server: string, error: unknown): Problem => ({
  code: "Drain.Unreachable",
  path: server,
  message: `the API server gives no answer: ${reasonOf(error)}`,
  fix: "check the server's address in the kubeconfig, the network between, and that the cluster runs; --context names another cluster",
});

const refusedCredentials = (server: string, error: unknown): Problem => ({
  code: "Drain.CredentialsRefused",
  path: server,
  message: `the credentials are not accepted, most likely they have expired: ${reasonOf(error)}`,
  fix: "log in again (renew the token or client certificate, or run your cloud's login command), then run the same command",
});

const tooOld = (server: string, version: string): Problem => ({
  code: "Drain.ServerTooOld",
  path: server,
  message: `it serves no policy/v1${version === "" ? "" : ` (it is ${version})`}; Kubernetes 1.22 or newer is needed`,
  fix: "upgrade the control plane first, or drain this cluster with a kubectl of its own age",
});

/** What a call that got no answer, or no entry, says about the connection; undefined for every other error. */
export const connectionProblem = (server: string, error: unknown): Problem | undefined => {
  if (!(error instanceof KubeError)) return undefined;
  if (error.kind === "unauthorized") return refusedCredentials(server, error);
  return error.kind === "forbidden" ? undefined : unreachable(server, error);
};

/** Not found and forbidden are answers too; what throws otherwise is a fault of the connection. */
const answers = async (kube: KubeClient, path: string, signal?: AbortSignal): Promise<boolean> => {
  try {
    await kube.request({ method: "GET", path, signal });
    return true;
  } catch (error) {
    if (isKubeError(error, "notFound")) return false;
    if (isKubeError(error, "forbidden")) return true;
    throw error;
  }
};

const readBinary = async ({ kube, signal }: AccessPorts): Promise<string> => {
  try {
    return (await readVersion(kube, { signal })).gitVersion;
  } catch (error) {
    if (isKubeError(error, "forbidden", "notFound")) return "";
    throw error;
  }
};

interface RawSelf {
  readonly metadata?: { readonly creationTimestamp?: string | null };
  readonly status?: { readonly userInfo?: { readonly username?: string } };
}

interface Self {
  readonly user?: string;
  readonly warnings: readonly string[];
}

/** In words when the two clocks differ by more than is harmless. `serverTime` is RFC 3339, to the second. */
export const describeSkew = (
  serverTime: string | null | undefined,
  sentAt: number,
  receivedAt: number,
): string | undefined => {
  const server = Date.parse(serverTime ?? "");
  if (Number.isNaN(server)) return undefined;
  const early = sentAt - (server + 999);
  const late = server - receivedAt;
  const seconds = Math.round(Math.max(early, late) / 1000);
  if (seconds <= MAX_SKEW_SECONDS) return undefined;
  return `this machine's clock is ${seconds} s ${early > late ? "ahead of" : "behind"} the API server's: ages and times below are off by that much; set the clock (NTP)`;
};

/** The server stamps its answer with its own clock and says who is asking. Servers before 1.28 know no such question. */
const askWhoWeAre = async ({ kube, now, signal }: AccessPorts): Promise<Self> => {
  const sentAt = now();
  try {
    const raw = await kube.request<RawSelf>({
      method: "POST",
      path: "/apis/authentication.k8s.io/v1/selfsubjectreviews",
      body: { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" },
      repeatable: true,
      signal,
    });
    const user = raw.status?.userInfo?.username;
    const skew = describeSkew(raw.metadata?.creationTimestamp, sentAt, now());
    return { ...(user ? { user } : {}), warnings: skew === undefined ? [] : [skew] };
  } catch (error) {
    if (isKubeError(error, "notFound", "forbidden")) return { warnings: [] };
    throw error;
  }
};

/** Of a group that the cluster does not serve nobody needs rights. */
const servedOf = async (
  { kube, signal }: AccessPorts,
  grants: readonly Grant[],
): Promise<readonly Grant[]> => {
  const inKeda = grants.some(({ group }) => group === KEDA);
  const served = !inKeda || (await answers(kube, `/apis/${KEDA}`, signal));
  return served ? grants : grants.filter(({ group }) => group !== KEDA);
};

const checkGrants = async (ports: AccessPorts, asked: Promise<Self>): Promise<Granted> => {
  const { extras = {} } = ports;
  try {
    const exists = await answers(ports.kube, namespacePath(NAMES.namespace), ports.signal);
    const needed = await servedOf(ports, grantsFor(extras));
    const grants = exists ? needed : [...needed, FIRST_RUN_GRANT];
    const missing = await missingOf(ports.kube, grants, ports.signal);
    return reportMissing(missing, { user: (await asked).user, rbacFlags: rbacFlagsFor(extras) });
  } catch (error) {
    if (!isKubeError(error, "forbidden", "notFound")) throw error;
    return { problems: [], warnings: [`permissions could not be checked: ${error.message}`] };
  }
};

const look = async (ports: AccessPorts): Promise<Access> => {
  const { kube, signal } = ports;
  // One call first: without an answer to it none of the others is sent.
  const version = await readBinary(ports);
  const asked = askWhoWeAre(ports);
  const [self, served, grants] = await Promise.all([
    asked,
    answers(kube, "/apis/policy/v1", signal),
    checkGrants(ports, asked),
  ]);
  return {
    server: kube.server,
    reached: true,
    ...(self.user === undefined ? {} : { user: self.user }),
    problems: [...(served ? [] : [tooOld(kube.server, version)]), ...grants.problems],
    warnings: [...self.warnings, ...grants.warnings],
  };
};

/**
 * Looks whether the server can be reached, knows us, is new enough and lets us do all that a drain does. Everything
 * that is wrong comes at once; changes nothing. Throws only for faults that are none of these.
 */
export const checkAccess = async (ports: AccessPorts): Promise<Access> => {
  try {
    return await look(ports);
  } catch (error) {
    const problem = connectionProblem(ports.kube.server, error);
    if (problem === undefined || ports.signal?.aborted === true) throw error;
    return { server: ports.kube.server, reached: false, problems: [problem], warnings: [] };
  }
};
