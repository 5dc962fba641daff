import type { WantedAtCloud } from "../../../../../operations/ports";
import { clusterPath } from "../access";
import { type Asked, ask, askFor } from "../call";
import { type Request, send, sendOperation } from "../client";

/** One look at Azure before anything changes. */
export interface Question {
  readonly wanted: WantedAtCloud;
  readonly signal: AbortSignal;
}

type Look = Omit<Request, "signal" | "method">;

interface Page<T> {
  readonly value?: readonly T[];
  readonly nextLink?: string;
}

export const look = async <T>({ signal }: Question, asked: Asked, request: Look): Promise<T> =>
  (await ask(asked, () => send<T>({ method: "GET", ...request, signal }))).body;

/** `undefined` = Azure says that there is no such thing. */
export const lookFor = async <T>({ signal }: Question, asked: Asked, request: Look): Promise<T | undefined> =>
  (await askFor(asked, () => send<T>({ method: "GET", ...request, signal })))?.body;

/** All pages of a list. */
export const list = async <T>(question: Question, asked: Asked, request: Look): Promise<readonly T[]> => {
  const found: T[] = [];
  let page = await look<Page<T>>(question, asked, request);
  for (;;) {
    found.push(...(page.value ?? []));
    const { nextLink = "" } = page;
    if (nextLink === "") return found;
    page = await ask(asked, () => sendOperation<Page<T>>(nextLink));
  }
};

export const subscriptionPath = ({ wanted: { connection } }: Question): string =>
  `/subscriptions/${connection.account ?? ""}`;

export const regionOf = ({ wanted: { connection } }: Question): string => connection.region ?? "";

/** What is read of a managed cluster (learn.microsoft.com/rest/api/aks/managed-clusters). */
export interface AksCluster {
  readonly properties?: {
    readonly autoUpgradeProfile?: {
      readonly upgradeChannel?: string;
      readonly nodeOSUpgradeChannel?: string;
    };
    readonly networkProfile?: { readonly networkPluginMode?: string; readonly podCidr?: string };
    readonly agentPoolProfiles?: readonly AksPool[];
  };
}

interface AksPool {
  readonly name?: string;
  readonly count?: number;
  readonly provisioningState?: string;
  /** There where it failed only. */
  readonly status?: { readonly provisioningError?: { readonly code?: string; readonly message?: string } };
}

/** `undefined` = there is no cluster yet. */
export const readCluster = (question: Question): Promise<AksCluster | undefined> => {
  const { connection } = question.wanted;
  const asked = {
    action: "Microsoft.ContainerService/managedClusters/read",
    on: `cluster ${connection.name}`,
  };
  return lookFor<AksCluster>(question, asked, { path: clusterPath(connection) });
};
