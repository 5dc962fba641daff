/** What a caller with the stand-in's environment shows: it leads to no account. */
const ACCESS_TOKEN = "stand-in-for-an-access-token";

export const AUTHORIZATION = `Bearer ${ACCESS_TOKEN}`;

/** There is one identity; roles of Azure are not modelled. */
export const isToken = (authorization: string | undefined): boolean => authorization === AUTHORIZATION;

/** Header of who may ask the identity endpoint (learn.microsoft.com/azure/app-service/overview-managed-identity). */
export const IDENTITY_HEADER = "stand-in";

const HOUR_S = 3_600;

/** As the endpoint of a managed identity answers: Azure's own library takes its tokens from here. */
export const issueToken = (resource: string): object => ({
  access_token: ACCESS_TOKEN,
  expires_on: String(Math.floor(Date.now() / 1_000) + 24 * HOUR_S),
  resource,
  token_type: "Bearer",
  client_id: "00000000-0000-0000-0000-000000000000",
});
