import type { KubeCall, KubeClient } from "../../kube";
import { errorOfAnswer, type KubeError } from "../../kube/kubeError";

/** What a scripted API server says to a call: a value, or an error that is thrown. Undefined = 404. */
export type Script = (call: KubeCall) => unknown;

export interface ScriptedApi {
  readonly kube: KubeClient;
  /** Every call, in order. */
  readonly calls: readonly KubeCall[];
  /** Calls that could have changed something. */
  readonly writes: () => readonly string[];
}

export const failed = (status: number, fields: object = {}): KubeError =>
  errorOfAnswer({ call: "call", status, body: JSON.stringify({ kind: "Status", code: status, ...fields }) });

const REVIEWS = /selfsubject\w*reviews$/;
const DRY = /"dryRun":\["All"\]/;

const isWrite = ({ method, path, body }: KubeCall): boolean =>
  method !== "GET" && !REVIEWS.test(path) && !DRY.test(JSON.stringify(body ?? {}));

/** A client that answers from a script: for what no real API server shows on demand. */
export const scriptApi = (script: Script): ScriptedApi => {
  const calls: KubeCall[] = [];
  const request = <T>(call: KubeCall): Promise<T> => {
    calls.push(call);
    call.signal?.throwIfAborted();
    const answer = script(call) ?? failed(404, { reason: "NotFound" });
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer as T);
  };
  return {
    calls,
    writes: () => calls.filter(isWrite).map(({ method, path }) => `${method} ${path}`),
    kube: {
      server: "https://scripted",
      request,
      watch: () => {
        throw new Error("a scripted API has no watches");
      },
      close: () => Promise.resolve(),
    },
  };
};
