import { EKSClient } from "@aws-sdk/client-eks";
import { ask } from "../call";

/**
 * When these credentials end and nothing renews them. The SDK asks profiles, single sign-on, roles, processes and
 * metadata again before theirs end, so the expiry of those says nothing of a run. Variables are read once: their end is
 * known where AWS_CREDENTIAL_EXPIRATION stands beside them (`aws configure export-credentials --format env` writes it;
 * @aws-sdk/credential-provider-env reads it). A session token alone does not say when it ends. How long a single
 * sign-on lasts is in no credential either.
 */
export const readIdentityEnd = async (region: string): Promise<string | undefined> => {
  const { accessKeyId, expiration } = await ask({ action: "credentials", on: "this environment" }, () =>
    new EKSClient({ region }).config.credentials(),
  );
  return accessKeyId === process.env["AWS_ACCESS_KEY_ID"] ? expiration?.toISOString() : undefined;
};
