import { until } from "../../plugin/until";
import { untilTaken } from "../../plugin/untilTaken";

/** An answer of the API that is no success. */
export class ApiError extends Error {
  declare readonly status: number;
  declare readonly reason: string;

  constructor(status: number, reason: string, message: string) {
    super(`googleapi: Error ${status}: ${message}`);
    Object.assign(this, { status, reason });
  }
}

export interface Client {
  /** `undefined` = 404. */
  readonly find: <T>(path: string) => Promise<T | undefined>;
  /** Waits for its turn, as the real provider does, then until the operation is through. */
  readonly change: (
    method: "POST" | "PUT" | "DELETE",
    path: string,
    body?: object,
  ) => Promise<{ readonly failed?: string }>;
}

interface Operation {
  readonly name: string;
  readonly status: string;
  readonly error?: { readonly message: string };
}

interface Api {
  /** Ends with "/v1/". */
  readonly base: string;
  readonly token: string;
}

const call = async <T>({ base, token }: Api, path: string, init: RequestInit): Promise<T> => {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const response = await untilTaken(() => fetch(base + path, { ...init, headers }));
  const body = (await response.json()) as T & { error?: { message: string; status: string } };
  if (response.ok) return body;
  throw new ApiError(response.status, body.error?.status ?? "", body.error?.message ?? "no reason");
};

const isBusy = (error: unknown): boolean =>
  error instanceof ApiError &&
  error.reason === "FAILED_PRECONDITION" &&
  /incompatible operation/.test(error.message);

const turn = async (start: () => Promise<Operation>): Promise<Operation | undefined> => {
  try {
    return await start();
  } catch (error) {
    if (isBusy(error)) return undefined;
    throw error;
  }
};

export const openClient = (api: Api): Client => ({
  find: async <T>(path: string) => {
    try {
      return await call<T>(api, path, { method: "GET" });
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    }
  },
  change: async (method, path, body) => {
    const init = { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const { name } = await until("its turn", () => turn(() => call<Operation>(api, path, init)));
    const place = /^projects\/[^/]+\/locations\/[^/]+/.exec(path)?.[0] ?? "";
    const done = await until(`operation ${name}`, async () => {
      const operation = await call<Operation>(api, `${place}/operations/${name}`, { method: "GET" });
      return operation.status === "DONE" ? operation : undefined;
    });
    return done.error === undefined ? {} : { failed: done.error.message };
  },
});

/** For what may be gone already. */
export const unlessGone = async (work: () => Promise<{ readonly failed?: string }>): Promise<void> => {
  try {
    const { failed } = await work();
    if (failed !== undefined) throw new Error(failed);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
  }
};

export const mustEnd = ({ failed }: { readonly failed?: string }): void => {
  if (failed !== undefined) throw new Error(failed);
};
