import { fork } from "node:child_process";
import { join } from "node:path";
import type { ClusterSpec } from "../../core/config";
import type { CloudLive } from "../../operations/ports";

interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** A cloud's live half in a process of its own, as in an `up`: jest can't load what exec credentials need. */
export const openLiveProcess = (
  cloud: ClusterSpec["cloud"],
  env: Readonly<Record<string, string>>,
): { readonly live: CloudLive; readonly close: () => void } => {
  const child = fork(join(__dirname, "liveChild.cjs"), { env: { ...process.env, ...env }, execArgv: [] });
  const waiting = new Map<number, (reply: Reply) => void>();
  child.on("message", (reply: Reply) => waiting.get(reply.id)?.(reply));
  let calls = 0;
  const call = (method: string, args: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = ++calls;
      waiting.set(id, ({ value, error }) => {
        waiting.delete(id);
        if (error === undefined) resolve(value);
        else reject(new Error(error));
      });
      child.send({ id, cloud, method, args });
    });
  const live = new Proxy({} as CloudLive, {
    get: (_target, method) =>
      typeof method === "string" ? (...args: readonly unknown[]) => call(method, args) : undefined,
  });
  return { live, close: () => void child.kill() };
};
