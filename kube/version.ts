import type { KubeClient } from "./client";
import { isKubeError, KubeError } from "./kubeError";
import { namespacePath } from "./paths";

export interface ServerVersion {
  /** What the server's binary is, e.g. "1.36.4". */
  readonly binary: string;
  /** The minor it serves, e.g. "1.35"; absent when it serves its own. */
  readonly emulated?: string;
  /** The lowest minor it can be set back to; absent on servers that do not say. */
  readonly minCompatibility?: string;
  /** As the server writes it, vendor suffix included, e.g. "v1.36.4-eks-1a2b3c". */
  readonly gitVersion: string;
}

interface RawVersion {
  readonly major?: string;
  readonly minor?: string;
  readonly gitVersion?: string;
  readonly emulationMajor?: string;
  readonly emulationMinor?: string;
  readonly minCompatibilityMajor?: string;
  readonly minCompatibilityMinor?: string;
}

interface Stop {
  readonly signal?: AbortSignal | undefined;
}

const minorOf = (major: string | undefined, minor: string | undefined): string | undefined =>
  major && minor ? `${major}.${minor.replace(/\D.*$/, "")}` : undefined;

const binaryOf = (raw: RawVersion): string => {
  const exact = /^v?(\d+\.\d+\.\d+)/.exec(raw.gitVersion ?? "")?.[1];
  return exact ?? minorOf(raw.major, raw.minor) ?? "";
};

export const parseServerVersion = (raw: RawVersion): ServerVersion => {
  const binary = binaryOf(raw);
  const emulated = minorOf(raw.emulationMajor, raw.emulationMinor);
  const minCompatibility = minorOf(raw.minCompatibilityMajor, raw.minCompatibilityMinor);
  return {
    binary,
    gitVersion: raw.gitVersion ?? "",
    ...(emulated === undefined || binary.startsWith(`${emulated}.`) ? {} : { emulated }),
    ...(minCompatibility === undefined ? {} : { minCompatibility }),
  };
};

export const readVersion = async (kube: KubeClient, { signal }: Stop = {}): Promise<ServerVersion> =>
  parseServerVersion(await kube.request<RawVersion>({ method: "GET", path: "/version", signal }));

/** The cluster's identity for life: the UID of its kube-system namespace. */
export const clusterUid = async (kube: KubeClient, { signal }: Stop = {}): Promise<string> => {
  const path = namespacePath("kube-system");
  const namespace = await kube.request<{ metadata?: { uid?: string } }>({ method: "GET", path, signal });
  const uid = namespace.metadata?.uid;
  if (uid) return uid;
  throw new KubeError({ kind: "invalid", message: `GET ${path}: the namespace has no uid` });
};

/** One honest look: false when the server answers that it is not ready, or does not answer. */
export const isReadyz = async (kube: KubeClient, { signal }: Stop = {}): Promise<boolean> => {
  try {
    await kube.request({ method: "GET", path: "/readyz", timeoutMs: 5_000, repeatable: false, signal });
    return true;
  } catch (error) {
    if (isKubeError(error, "server", "unreachable", "timeout", "tooManyRequests")) return false;
    throw error;
  }
};
