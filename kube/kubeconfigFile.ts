import { readFile } from "node:fs/promises";
import { delimiter, dirname } from "node:path";
import { ProblemError, type Problem } from "../core/problem";

interface Named {
  readonly name?: string;
}

export interface ClusterFields {
  readonly server?: string;
  readonly "certificate-authority"?: string;
  readonly "certificate-authority-data"?: string;
  readonly "insecure-skip-tls-verify"?: boolean;
  readonly "tls-server-name"?: string;
  readonly "proxy-url"?: string;
}

export interface UserFields {
  readonly "client-certificate"?: string;
  readonly "client-certificate-data"?: string;
  readonly "client-key"?: string;
  readonly "client-key-data"?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly exec?: unknown;
  readonly "auth-provider"?: unknown;
  readonly as?: string;
  readonly "as-uid"?: string;
  readonly "as-groups"?: readonly string[];
}

interface ContextFields {
  readonly cluster?: string;
  readonly user?: string;
}

interface RawKubeconfig {
  readonly "current-context"?: string;
  readonly clusters?: readonly (Named & { readonly cluster?: ClusterFields })[] | null;
  readonly users?: readonly (Named & { readonly user?: UserFields })[] | null;
  readonly contexts?: readonly (Named & { readonly context?: ContextFields })[] | null;
}

/** One context of a kubeconfig with what it refers to. Relative paths in it start at `folder`. */
export interface KubeconfigEntry {
  readonly file: string;
  readonly folder: string;
  readonly context: string;
  readonly cluster: ClusterFields & { readonly server: string };
  readonly user: UserFields;
}

export interface KubeSource {
  /** Path of a kubeconfig; several, separated as in PATH, are searched in order. */
  readonly kubeconfig: string;
  /** Default: the file's current context. */
  readonly context?: string | undefined;
}

const refusal = (path: string, found: string, fix: string): ProblemError => {
  const problem: Problem = { code: "Kube.KubeconfigInvalid", path, message: found, fix };
  return new ProblemError("cannot use the kubeconfig", [problem]);
};

const readText = async (file: string): Promise<string | undefined> => {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
    if (code === "ENOENT") return undefined;
    throw refusal(file, `the file cannot be read (${code})`, "check the path and its permissions");
  }
};

const parseText = async (file: string, text: string): Promise<RawKubeconfig> => {
  const { parse } = await import("yaml");
  try {
    const parsed: unknown = parse(text);
    if (typeof parsed === "object" && parsed !== null) return parsed;
  } catch (error) {
    throw refusal(file, `not YAML: ${(error as Error).message.split("\n")[0] ?? ""}`, "repair the file");
  }
  throw refusal(file, "the file holds no kubeconfig", "name a file with clusters, users and contexts");
};

const named = <T extends Named>(
  list: readonly T[] | null | undefined,
  name: string | undefined,
): T | undefined => (name === undefined ? undefined : list?.find(item => item.name === name));

const contextNames = (raw: RawKubeconfig): string =>
  (raw.contexts ?? [])
    .map(context => context.name ?? "")
    .sort()
    .join(", ") || "none";

const wantedContext = (raw: RawKubeconfig, wanted: string | undefined): string =>
  wanted ?? raw["current-context"] ?? "";

const selectContext = (file: string, raw: RawKubeconfig, name: string): ContextFields => {
  const context = named(raw.contexts, name)?.context;
  if (context !== undefined) return context;
  const found = name === "" ? "no current context is set" : `no context "${name}"`;
  throw refusal(file, `${found}; contexts in the file: ${contextNames(raw)}`, "name one of these contexts");
};

const select = (file: string, raw: RawKubeconfig, name: string): KubeconfigEntry => {
  const context = selectContext(file, raw, name);
  const cluster = named(raw.clusters, context.cluster)?.cluster;
  if (!cluster?.server) {
    const found = `context "${name}" points to cluster "${String(context.cluster)}", which has no server in the file`;
    throw refusal(file, found, "add the cluster's server address");
  }
  const user = named(raw.users, context.user)?.user ?? {};
  return {
    file,
    folder: dirname(file),
    context: name,
    cluster: { ...cluster, server: cluster.server },
    user,
  };
};

/** Reads the file that holds the wanted (or current) context. Throws a ProblemError that names file and contexts. */
export const readKubeconfig = async (source: KubeSource): Promise<KubeconfigEntry> => {
  const files = source.kubeconfig.split(delimiter).filter(file => file !== "");
  let last: { file: string; raw: RawKubeconfig } | undefined;
  for (const file of files) {
    const text = await readText(file);
    if (text === undefined) continue;
    const raw = await parseText(file, text);
    const name = wantedContext(raw, source.context);
    if (named(raw.contexts, name) !== undefined) return select(file, raw, name);
    last ??= { file, raw };
  }
  if (last !== undefined) return select(last.file, last.raw, wantedContext(last.raw, source.context));
  throw refusal(
    source.kubeconfig,
    "the file does not exist",
    "pass an existing kubeconfig or set KUBECONFIG",
  );
};
