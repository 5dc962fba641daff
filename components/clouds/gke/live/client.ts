import { type AuthClient, GoogleAuth, OAuth2Client } from "google-auth-library";

const SCOPE = "https://www.googleapis.com/auth/cloud-platform";

const openClient = async (): Promise<AuthClient> => {
  const token = process.env["GOOGLE_OAUTH_ACCESS_TOKEN"];
  if (token === undefined || token === "") return new GoogleAuth({ scopes: SCOPE }).getClient();
  const client = new OAuth2Client();
  client.setCredentials({ access_token: token });
  return client;
};

let opened: Promise<AuthClient> | undefined;

/**
 * A token in the provider's own variable, else the application's default credentials, fresh when they expire; none is
 * stored. GOOGLE_CREDENTIALS is not read: the library advises against credentials of unknown kind.
 */
export const authClient = (): Promise<AuthClient> => {
  opened ??= openClient().catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
};

const withSlash = (url: string): string => (url.endsWith("/") ? url : `${url}/`);

/** Addresses as the provider takes them from its own environment. */
export const BASE = {
  container: (): string =>
    withSlash(process.env["GOOGLE_CONTAINER_CUSTOM_ENDPOINT"] ?? "https://container.googleapis.com/v1/"),
  compute: (): string =>
    withSlash(process.env["GOOGLE_COMPUTE_CUSTOM_ENDPOINT"] ?? "https://compute.googleapis.com/compute/v1/"),
  resourceManager: (): string =>
    withSlash(
      process.env["GOOGLE_RESOURCE_MANAGER_CUSTOM_ENDPOINT"] ??
        "https://cloudresourcemanager.googleapis.com/v1/",
    ),
  iam: (): string => withSlash(process.env["GOOGLE_IAM_CUSTOM_ENDPOINT"] ?? "https://iam.googleapis.com/v1/"),
  /** The provider has no variable for it; this one is ours, called like the others. */
  oauth2: (): string =>
    withSlash(process.env["GOOGLE_OAUTH2_CUSTOM_ENDPOINT"] ?? "https://oauth2.googleapis.com/"),
} as const;

export interface Request {
  readonly method: "GET" | "POST" | "PUT";
  /** Whole address. */
  readonly url: string;
  readonly body?: object;
  /** What ends the call and its repetitions. */
  readonly signal?: AbortSignal;
}

const TIMES = 5;

/** 429 was not taken, whatever it was; anything else is repeated only where that can't do it twice. */
const REPEATED = {
  GET: { retry: TIMES },
  PUT: { retry: TIMES },
  POST: {
    retry: TIMES,
    httpMethodsToRetry: ["POST"],
    statusCodesToRetry: [[429, 429]],
    noResponseRetries: 0,
  },
};

/** One call, which the library repeats where that is safe. */
export const send = async <T>({ method, url, body, signal }: Request): Promise<T> => {
  const client = await authClient();
  const { data } = await client.request<T>({
    method,
    url,
    retryConfig: REPEATED[method],
    ...(body === undefined ? {} : { data: body }),
    ...(signal === undefined ? {} : { signal }),
  });
  return data;
};
