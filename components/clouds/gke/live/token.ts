import { printCredential } from "../../shared/live/execCredential";
import { authClient } from "./client";

/*
 * A program: what kubeconfigs of this adapter run for a credential. GKE takes the caller's own OAuth access token as
 * bearer token (docs.cloud.google.com/kubernetes-engine/docs/how-to/api-server-authentication).
 */

/** Where the library knows no end of the token it is asked for again after this long. */
const UNKNOWN_MS = 5 * 60_000;
/** A new one is made a minute before the old one ends. */
const EARLY_MS = 60_000;

void printCredential(async () => {
  const client = await authClient();
  const { token } = await client.getAccessToken();
  if (typeof token !== "string" || token === "") throw new Error("Google's library gave no access token");
  const ends = client.credentials.expiry_date ?? Date.now() + UNKNOWN_MS + EARLY_MS;
  return { token, endsAt: ends - EARLY_MS };
});
