import { parse } from "yaml";

/** What AKS's kubeconfigs are read for: who runs the API, and nothing of how to come in. */
export interface Api {
  readonly server: string;
  /** Base64 of the PEM of who signs for the server. */
  readonly authority: string;
}

/** AKS tells who signs for an API server in a kubeconfig only. */
export const apiIn = (base64 = ""): Api | undefined => {
  const found = parse(Buffer.from(base64, "base64").toString("utf8")) as {
    readonly clusters?: readonly { readonly cluster: Readonly<Record<string, string>> }[];
  } | null;
  const { server, "certificate-authority-data": authority } = found?.clusters?.[0]?.cluster ?? {};
  return server === undefined || authority === undefined ? undefined : { server, authority };
};
