import { readFileSync } from "node:fs";
import { request, type RequestOptions } from "node:https";
import { setTimeout as pause } from "node:timers/promises";

interface Kubeconfig {
  readonly clusters: readonly {
    readonly cluster: { server: string; "certificate-authority-data": string };
  }[];
  readonly users: readonly {
    readonly user: { "client-certificate-data": string; "client-key-data": string };
  }[];
}

export interface Tally {
  readonly answered: number;
  readonly failed: readonly string[];
}

const decode = (text: string): Buffer => Buffer.from(text, "base64");

const target = (path: string): { url: string; options: RequestOptions } => {
  const { clusters, users } = JSON.parse(readFileSync(path, "utf8")) as Kubeconfig;
  const [cluster, user] = [clusters[0]?.cluster, users[0]?.user];
  if (cluster === undefined || user === undefined) throw new Error(`${path} names no cluster`);
  const options = {
    ca: decode(cluster["certificate-authority-data"]),
    cert: decode(user["client-certificate-data"]),
    key: decode(user["client-key-data"]),
    agent: false,
  };
  return { url: `${cluster.server}/api/v1/namespaces/kube-system/configmaps`, options };
};

/**
 * A client without any mercy for a server: a connection of its own for each request, no retry, several at once.
 * `stop` tells how many were answered with 200 and what became of the others.
 */
export const startImpatientClient = (kubeconfig: string, workers = 4): { stop(): Promise<Tally> } => {
  const { url, options } = target(kubeconfig);
  const tally = { answered: 0, failed: [] as string[] };
  let going = true;
  const ask = (): Promise<void> =>
    new Promise(resolve => {
      const fail = (why: string): void => {
        tally.failed.push(why);
        resolve();
      };
      const call = request(url, options, answer => {
        answer.resume();
        answer.on("error", error => fail(error.message));
        answer.on("end", () => {
          if (answer.statusCode !== 200) fail(`status ${answer.statusCode ?? 0}`);
          else resolve(void (tally.answered += 1));
        });
      });
      call.on("error", error => fail(error.message));
      call.end();
    });
  const work = async (): Promise<void> => {
    while (going) {
      await ask();
      await pause(10);
    }
  };
  const all = Promise.all(Array.from({ length: workers }, work));
  return {
    stop: async () => {
      going = false;
      await all;
      return tally;
    },
  };
};
