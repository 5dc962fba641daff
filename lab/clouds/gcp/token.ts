/** What a caller with the stand-in's environment shows: it leads to no account. */
export const ACCESS_TOKEN = "stand-in-for-an-access-token";

/** There is one identity, and IAM is not modelled. */
export const isToken = (authorization: string | undefined): boolean =>
  authorization === `Bearer ${ACCESS_TOKEN}`;
