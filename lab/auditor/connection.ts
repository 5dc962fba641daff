/** A kubeconfig read by itself, and one HTTPS request on one fresh connection: no pool, no retry, nothing to hide a failure. */
import { readFileSync } from "node:fs";
import { request } from "node:https";
import type { IncomingMessage } from "node:http";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";

interface Named<T> {
  readonly name: string;
  readonly value: T;
}
interface KubeconfigFile {
  readonly "current-context": string;
  readonly contexts: readonly (Named<never> & {
    readonly context: { readonly cluster: string; readonly user: string };
  })[];
  readonly clusters: readonly (Named<never> & { readonly cluster: Readonly<Record<string, string>> })[];
  readonly users: readonly (Named<never> & { readonly user: Readonly<Record<string, string>> })[];
}

export interface Connection {
  readonly server: URL;
  readonly tls: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer };
  readonly token?: string;
}

export interface Call {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: unknown;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
}

const material = (
  entry: Readonly<Record<string, string>>,
  field: string,
  home: string,
): Buffer | undefined => {
  const inline = entry[`${field}-data`];
  if (inline !== undefined) return Buffer.from(inline, "base64");
  const file = entry[field];
  return file === undefined ? undefined : readFileSync(resolve(home, file));
};

const byName = <T extends { readonly name: string }>(list: readonly T[], name: string): T => {
  const found = list.find(one => one.name === name);
  if (found === undefined) throw new Error(`the kubeconfig names ${name} but does not hold it`);
  return found;
};

export const readConnection = (path: string): Connection => {
  const home = dirname(path);
  const file = parse(readFileSync(path, "utf8")) as KubeconfigFile;
  const { context } = byName(file.contexts, file["current-context"]);
  const { cluster } = byName(file.clusters, context.cluster);
  const { user } = byName(file.users, context.user);
  const ca = material(cluster, "certificate-authority", home);
  const cert = material(user, "client-certificate", home);
  const key = material(user, "client-key", home);
  return {
    server: new URL(cluster["server"] ?? ""),
    tls: { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) },
    ...(user["token"] === undefined ? {} : { token: user["token"] }),
  };
};

const headersFor = (connection: Connection, call: Call): Record<string, string> => ({
  accept: "application/json",
  connection: "close",
  ...(connection.token === undefined ? {} : { authorization: `Bearer ${connection.token}` }),
  ...(call.body === undefined
    ? {}
    : { "content-type": call.method === "PATCH" ? "application/merge-patch+json" : "application/json" }),
});

/** Resolves when the headers are there; the caller reads the body. A timeout of 0 leaves the body's end open. */
export const openStream = (connection: Connection, call: Call): Promise<IncomingMessage> =>
  new Promise((resolveWith, reject) => {
    const { signal } = call;
    const asked = request(new URL(call.path, connection.server), {
      ...connection.tls,
      agent: false,
      method: call.method,
      headers: headersFor(connection, call),
      ...(signal && { signal }),
    });
    if (call.timeoutMs > 0) {
      asked.setTimeout(call.timeoutMs, () => asked.destroy(new Error(`no answer in ${call.timeoutMs} ms`)));
    }
    asked.once("response", resolveWith).once("error", reject);
    asked.end(call.body === undefined ? undefined : JSON.stringify(call.body));
  });

export const ask = async (connection: Connection, call: Call): Promise<Answer> => {
  const response = await openStream(connection, call);
  response.setEncoding("utf8");
  let text = "";
  for await (const part of response) text += String(part);
  return { status: response.statusCode ?? 0, text };
};
