import type { KubeConfig } from "@kubernetes/client-node";
import type { RequestOptions } from "node:https";
import {
  impersonationOf,
  plainAccess,
  serverTlsOf,
  type ClusterAccess,
  type Credentials,
} from "./credentials";
import { readKubeconfig, type KubeconfigEntry, type KubeSource } from "./kubeconfigFile";

const loadPlugins = async (entry: KubeconfigEntry): Promise<KubeConfig> => {
  // Loaded here and not above: it costs half a second, and only exec plugins and auth providers need it.
  const library = await import("@kubernetes/client-node");
  const config = new library.KubeConfig();
  config.loadFromFile(entry.file);
  config.setCurrentContext(entry.context);
  return config;
};

const readPlugin = async (entry: KubeconfigEntry, config: KubeConfig): Promise<Credentials> => {
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  const headers = options.headers as Readonly<Record<string, string>> | undefined;
  const authorization = headers?.["Authorization"];
  return {
    tls: {
      ...(await serverTlsOf(entry)),
      cert: options.cert as string | Buffer | undefined,
      key: options.key as string | Buffer | undefined,
    },
    headers: { ...impersonationOf(entry), ...(authorization === undefined ? {} : { authorization }) },
  };
};

const pluginAccess = (entry: KubeconfigEntry): ClusterAccess => {
  let config: KubeConfig | undefined;
  const read = async (fresh: boolean): Promise<Credentials> => {
    // A new object when fresh: the library keeps a token until its own expiry, even one the server refuses.
    if (fresh || config === undefined) config = await loadPlugins(entry);
    return readPlugin(entry, config);
  };
  return { server: entry.cluster.server, proxy: entry.cluster["proxy-url"] || undefined, read };
};

/** How to reach the cluster of one kubeconfig context. Nothing is sent yet. */
export const openAccess = async (source: KubeSource): Promise<ClusterAccess> => {
  const entry = await readKubeconfig(source);
  const needsPlugin = entry.user.exec !== undefined || entry.user["auth-provider"] !== undefined;
  return needsPlugin ? pluginAccess(entry) : plainAccess(entry);
};
