import { until } from "../../plugin/until";
import { untilTaken } from "../../plugin/untilTaken";

/** An answer of the API that is no success, in the words of the real provider. */
export class ApiError extends Error {
  declare readonly status: number;

  constructor(status: number, code: string, message: string) {
    super(`Status=${status} Code="${code}" Message="${message}"`);
    Object.defineProperty(this, "status", { value: status });
  }
}

export interface Client {
  /** `undefined` = 404. */
  readonly find: <T>(path: string) => Promise<T | undefined>;
  /** What is asked for by POST and is no operation: secrets and credentials. */
  readonly list: <T>(path: string, query: string) => Promise<T>;
  /** Until the operation is through. Waits for nobody's turn: the real provider does not either. */
  readonly change: (
    method: "PUT" | "DELETE",
    path: string,
    body?: object,
  ) => Promise<{ readonly failed?: string }>;
}

interface Api {
  readonly endpoint: string;
  readonly authorization: string;
}

interface Operation {
  readonly status: string;
  readonly error?: { readonly code: string; readonly message: string };
}

const API_VERSION = "2025-09-01";

const ask = async ({ authorization }: Api, url: string, init: RequestInit): Promise<Response> => {
  const headers = { authorization, "content-type": "application/json" };
  const response = await untilTaken(() => fetch(url, { ...init, headers }));
  if (response.ok) return response;
  const { error } = (await response.json()) as { error?: { code: string; message: string } };
  throw new ApiError(response.status, error?.code ?? "", error?.message ?? "no reason");
};

const whole = ({ endpoint }: Api, path: string): string => `${endpoint}${path}?api-version=${API_VERSION}`;

const end = async (api: Api, url: string): Promise<{ readonly failed?: string }> => {
  const { status, error } = await until("an operation", async () => {
    const operation = (await (await ask(api, url, {})).json()) as Operation;
    return operation.status === "InProgress" ? undefined : operation;
  });
  return status === "Succeeded"
    ? {}
    : { failed: `Code="${error?.code ?? ""}" Message="${error?.message ?? ""}"` };
};

export const openClient = (api: Api): Client => ({
  find: async <T>(path: string) => {
    try {
      return (await (await ask(api, whole(api, path), {})).json()) as T;
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  },
  list: async <T>(path: string, query: string) =>
    (await (await ask(api, whole(api, path) + query, { method: "POST" })).json()) as T,
  change: async (method, path, body) => {
    const init = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const { headers } = await ask(api, whole(api, path), init);
    const operation = headers.get("azure-asyncoperation");
    return operation === null ? {} : end(api, operation);
  },
});

/** For what may be gone already. */
const unlessGone = async (
  work: () => Promise<{ readonly failed?: string }>,
): Promise<{ readonly failed?: string }> => {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return {};
    throw error;
  }
};

export const mustEnd = ({ failed }: { readonly failed?: string }): void => {
  if (failed !== undefined) throw new Error(failed);
};

export const removeAt = async (client: Client, path: string): Promise<void> =>
  mustEnd(await unlessGone(() => client.change("DELETE", path)));
