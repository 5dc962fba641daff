import { printCredential } from "../../shared/live/execCredential";
import { clusterToken } from "./credential";

/*
 * A program: what kubeconfigs of this adapter run for a credential. A cluster with Entra integration takes the caller's
 * own token for AKS's application as bearer token (learn.microsoft.com/azure/aks/kubelogin-authentication).
 */

/** A new one is made a minute before the old one ends. */
const EARLY_MS = 60_000;

void printCredential(async () => {
  const { token, expiresOnTimestamp } = await clusterToken();
  return { token, endsAt: expiresOnTimestamp - EARLY_MS };
});
