import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import type { KubeconfigEntry } from "./kubeconfigFile";

export interface TlsSettings {
  readonly ca?: string | Buffer | undefined;
  readonly cert?: string | Buffer | undefined;
  readonly key?: string | Buffer | undefined;
  readonly servername?: string | undefined;
  readonly rejectUnauthorized?: boolean | undefined;
}

export interface Credentials {
  readonly tls: TlsSettings;
  /** Authorization and impersonation headers. */
  readonly headers: Readonly<Record<string, string | string[]>>;
}

/** How to reach and convince one API server. */
export interface ClusterAccess {
  readonly server: string;
  readonly proxy: string | undefined;
  /** Present credentials; `fresh` after the server refused the last ones: nothing cached may be given again. */
  read(fresh: boolean): Promise<Credentials>;
}

const inFolder = (folder: string, file: string): string => (isAbsolute(file) ? file : join(folder, file));

const fileOrData = async (folder: string, file?: string, data?: string): Promise<Buffer | undefined> => {
  if (data !== undefined && data !== "") return Buffer.from(data, "base64");
  if (file === undefined || file === "") return undefined;
  return readFile(inFolder(folder, file));
};

const authorizationOf = async ({ folder, user }: KubeconfigEntry): Promise<string | undefined> => {
  // kubectl prefers the file when both are set: it is the one that is renewed.
  if (user.tokenFile) return `Bearer ${(await readFile(inFolder(folder, user.tokenFile), "utf8")).trim()}`;
  if (user.token) return `Bearer ${user.token}`;
  if (!user.username) return undefined;
  return `Basic ${Buffer.from(`${user.username}:${user.password ?? ""}`).toString("base64")}`;
};

export const impersonationOf = ({ user }: KubeconfigEntry): Record<string, string | string[]> => ({
  ...(user.as ? { "impersonate-user": user.as } : {}),
  ...(user["as-uid"] ? { "impersonate-uid": user["as-uid"] } : {}),
  ...(user["as-groups"]?.length ? { "impersonate-group": [...user["as-groups"]] } : {}),
});

export const serverTlsOf = async ({ folder, cluster }: KubeconfigEntry): Promise<TlsSettings> => ({
  ca: await fileOrData(folder, cluster["certificate-authority"], cluster["certificate-authority-data"]),
  servername: cluster["tls-server-name"] || undefined,
  rejectUnauthorized: cluster["insecure-skip-tls-verify"] !== true,
});

const readPlain = async (entry: KubeconfigEntry): Promise<Credentials> => {
  const { folder, user } = entry;
  const authorization = await authorizationOf(entry);
  const cert = await fileOrData(folder, user["client-certificate"], user["client-certificate-data"]);
  const key = await fileOrData(folder, user["client-key"], user["client-key-data"]);
  return {
    tls: { ...(await serverTlsOf(entry)), cert, key },
    headers: { ...impersonationOf(entry), ...(authorization === undefined ? {} : { authorization }) },
  };
};

/** Access for certificates, tokens, token files and passwords: all that needs no plugin. */
export const plainAccess = (entry: KubeconfigEntry): ClusterAccess => ({
  server: entry.cluster.server,
  proxy: entry.cluster["proxy-url"] || undefined,
  read: () => readPlain(entry),
});
