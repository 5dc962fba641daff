import { KubeError } from "../../../../../kube";

type Environment = Readonly<Record<string, string | undefined>>;

const isOn = (value: string | undefined): boolean => value?.toLowerCase() === "true";

/** As credential.ts chooses it: a token of another identity provider, from the environment and not from a file. */
const assertionIn = (env: Environment): string | undefined => {
  if (isOn(env["ARM_USE_MSI"]) || !isOn(env["ARM_USE_OIDC"])) return undefined;
  const token = env["ARM_OIDC_TOKEN"] ?? "";
  return token === "" ? undefined : token;
};

/**
 * ISO time at which this identity ends. Only ARM_OIDC_TOKEN does: with it each program that opens the cluster logs in
 * anew, and Azure takes it until its own end. A file may be written anew; all else Azure's library renews.
 */
export const readIdentityEnds = (env: Environment): string | undefined => {
  const token = assertionIn(env);
  if (token === undefined) return undefined;
  const exp = expiryOf(token);
  if (exp === undefined)
    throw new KubeError({ kind: "unreachable", message: "ARM_OIDC_TOKEN does not say when it ends" });
  return new Date(exp * 1_000).toISOString();
};

/** Claim "exp" of a JWT (RFC 7519), in seconds since 1970. */
const expiryOf = (token: string): number | undefined => {
  try {
    const claims = Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8");
    const { exp } = JSON.parse(claims) as { readonly exp?: unknown };
    return typeof exp === "number" ? exp : undefined;
  } catch {
    return undefined;
  }
};
