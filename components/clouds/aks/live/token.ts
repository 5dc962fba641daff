import { clusterToken } from "./credential";

/*
 * A program: what kubeconfigs of this adapter run for a credential. A cluster with Entra integration takes the caller's
 * own token for AKS's application as bearer token (learn.microsoft.com/azure/aks/kubelogin-authentication).
 */

/** A new one is made a minute before the old one ends. */
const EARLY_MS = 60_000;

const main = async (): Promise<void> => {
  const { token, expiresOnTimestamp } = await clusterToken();
  const expirationTimestamp = new Date(expiresOnTimestamp - EARLY_MS).toISOString();
  const kind = "ExecCredential";
  const status = { token, expirationTimestamp };
  process.stdout.write(JSON.stringify({ apiVersion: "client.authentication.k8s.io/v1", kind, status }));
};

main().catch((error: unknown) => {
  process.stderr.write(
    `no token for the cluster: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
});
