import { readFileSync } from "node:fs";
import { request, type RequestOptions } from "node:https";
import { certificatePath, keyPath } from "./pki/layout";

/** Whose certificates: `api` for Kubernetes' servers, `etcd` for etcd. */
export interface Probe {
  readonly dir: string;
  readonly side: "api" | "etcd";
  readonly port: number;
  readonly path: string;
}

export interface ProbeAnswer {
  readonly status: number;
  readonly body: string;
}

const TIMEOUT_MS = 5_000;

const SIDES = {
  api: { authority: "ca", leaf: "admin" },
  etcd: { authority: "etcd-ca", leaf: "apiserver-etcd-client" },
} as const;

const tlsOf = ({ dir, side }: Probe): RequestOptions => {
  const { authority, leaf } = SIDES[side];
  return {
    ca: readFileSync(certificatePath(dir, authority)),
    cert: readFileSync(certificatePath(dir, leaf)),
    key: readFileSync(keyPath(dir, leaf)),
  };
};

/** One request to one server on loopback, over a connection of its own; `undefined` when nobody answers. */
export const askServer = (probe: Probe): Promise<ProbeAnswer | undefined> =>
  new Promise(resolve => {
    const options = { ...tlsOf(probe), agent: false, timeout: TIMEOUT_MS };
    const call = request(`https://127.0.0.1:${probe.port}${probe.path}`, options, response => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (body += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
      response.on("error", () => resolve(undefined));
    });
    call.on("timeout", () => call.destroy());
    call.on("error", () => resolve(undefined));
    call.end();
  });

export const answersOk = async (probe: Probe): Promise<boolean> => (await askServer(probe))?.status === 200;
