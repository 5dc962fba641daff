import type { KubeCall, KubeClient } from "../../../kube";

/**
 * A moment in a run: next to its n-th call of a kind. "ladder" counts those writes of the ladder that were accepted,
 * after which alone it is told of: how many others there are, and how often one is tried, depends on the day.
 */
export interface Moment {
  readonly kind: "write" | "read" | "ladder";
  /** From 1. */
  readonly number: number;
  /** Before it is sent, or after the server has answered and before anybody has heard the answer. */
  readonly when: "before" | "after";
}

export interface CallAt extends Moment {
  readonly call: string;
}

type Named = Pick<KubeCall, "method" | "path">;

/** What asks who we are and what we may do is sent as a POST, and changes nothing. */
const kindOf = ({ method, path }: Named): "read" | "write" =>
  method === "GET" || path.includes("/selfsubject") ? "read" : "write";

/** To a Deployment, and to pods other than by eviction. */
const isLadders = (named: Named): boolean =>
  kindOf(named) === "write" &&
  (named.path.includes("/deployments/") ||
    (named.path.includes("/pods/") && !named.path.endsWith("/eviction")));

/** The same client, telling of each call; a watch is told of as it is opened. */
export const tellCalls = (kube: KubeClient, tell: (at: CallAt) => void): KubeClient => {
  const counts = { write: 0, read: 0, ladder: 0 };
  const numbered = (named: Named, kind: Moment["kind"] = kindOf(named)): Omit<CallAt, "when"> => {
    counts[kind] += 1;
    return { kind, number: counts[kind], call: `${named.method} ${named.path}` };
  };
  return {
    server: kube.server,
    close: () => kube.close(),
    request: async <T>(call: KubeCall): Promise<T> => {
      const at = numbered(call);
      tell({ ...at, when: "before" });
      try {
        const answer = await kube.request<T>(call);
        if (isLadders(call)) tell({ ...numbered(call, "ladder"), when: "after" });
        return answer;
      } finally {
        tell({ ...at, when: "after" });
      }
    },
    watch: call => {
      tell({ ...numbered({ method: "GET", path: call.path }), when: "before" });
      return kube.watch(call);
    },
  };
};

/** The same client with another name for one namespace: several runs can each have a lease on one cluster. */
export const renameNamespace = (kube: KubeClient, from: string, to: string): KubeClient => {
  const path = (text: string): string => text.replaceAll(from, to);
  const body = (value: unknown): unknown =>
    value === undefined ? undefined : JSON.parse(path(JSON.stringify(value)));
  return {
    server: kube.server,
    close: () => kube.close(),
    request: call => kube.request({ ...call, path: path(call.path), body: body(call.body) }),
    watch: call => kube.watch({ ...call, path: path(call.path) }),
  };
};
