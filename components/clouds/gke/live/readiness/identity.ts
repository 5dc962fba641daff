import { KubeError } from "../../../../../kube";
import { BASE } from "../client";

/** As Google's endpoint tells of an access token; google-auth-library (OAuth2Client.getTokenInfo) asks it the same way. */
interface TokenInfo {
  /** Seconds that it still lasts. */
  readonly expires_in?: number | string;
}

/**
 * ISO time at which this identity ends. Only a token from the environment does: what Google's library makes by itself
 * (a key, a workload's identity, a login) it makes anew.
 */
export const readIdentityEnds = async (signal: AbortSignal): Promise<string | undefined> => {
  const token = process.env["GOOGLE_OAUTH_ACCESS_TOKEN"] ?? "";
  if (token === "") return undefined;
  const seconds = Number((await readInfo(token, signal)).expires_in);
  if (!(seconds >= 0)) throw unknown("it says no end");
  return new Date(Date.now() + seconds * 1_000).toISOString();
};

/** In a header, so that no log of addresses holds the token. */
const readInfo = async (token: string, signal: AbortSignal): Promise<TokenInfo> => {
  try {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/x-www-form-urlencoded" };
    const answer = await fetch(`${BASE.oauth2()}tokeninfo`, { method: "POST", headers, signal });
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    return (await answer.json()) as TokenInfo;
  } catch (error) {
    throw unknown(error instanceof Error ? error.message : String(error));
  }
};

const unknown = (why: string): KubeError =>
  new KubeError({
    kind: "unreachable",
    message: `Google's token endpoint does not tell when GOOGLE_OAUTH_ACCESS_TOKEN ends: ${why}`,
  });
