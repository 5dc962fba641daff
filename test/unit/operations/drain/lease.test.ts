import type { KubeCall, KubeClient } from "../../../../kube";
import { holdLease, type LeaseAnswer } from "../../../../operations/drain/lease";
import { failed, scriptApi } from "../../../support/scriptedApi";

interface Stored {
  readonly metadata: { readonly resourceVersion: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

const LEASES = /\/leases(\/changeover)?$/;

/** One lease with optimistic locking. */
const leaseServer = () => {
  let stored: Stored | undefined;
  let version = 0;
  const write = (spec: object): Stored => {
    stored = { metadata: { resourceVersion: String(++version) }, spec: { ...stored?.spec, ...spec } };
    return stored;
  };
  const swap = ({ metadata, spec }: Stored): unknown =>
    metadata.resourceVersion === stored?.metadata.resourceVersion
      ? write(spec)
      : failed(409, { reason: "Conflict" });
  const answer = ({ method, path, body }: KubeCall): unknown => {
    if (!LEASES.test(path)) return {};
    if (method === "GET") return stored;
    return method === "POST" ? write((body as Stored).spec) : swap(body as Stored);
  };
  const { kube } = scriptApi(answer);
  return { kube, holder: () => stored?.spec["holderIdentity"] };
};

const hold = (kube: KubeClient): Promise<LeaseAnswer> =>
  holdLease(kube, { holder: "run-1", waitMs: 1_000, log: () => undefined }, new AbortController().signal);

const letGo = (answer: LeaseAnswer): Promise<void> =>
  answer.kind === "held" ? answer.release() : Promise.reject(new Error(answer.kind));

it("is kept while one user of the run is left, and let go with the last", async () => {
  const { kube, holder } = leaseServer();
  const [first, second] = [await hold(kube), await hold(kube)];
  await letGo(first);
  expect(holder()).toMatch(/^run-1/);
  await letGo(second);
  expect(holder()).toBeNull();
});

it("is one for the cluster: what drains under another name waits for it", async () => {
  const { kube } = leaseServer();
  const first = await hold(kube);
  const wish = { holder: "run-2", waitMs: 50, log: () => undefined };
  expect(await holdLease(kube, wish, new AbortController().signal)).toMatchObject({
    kind: "busy",
    reason: expect.stringContaining("held by run-1") as string,
  });
  await letGo(first);
});

/** Who has held the lease looks at it once more before he lets go; that look takes its time. */
const lateLook = (kube: KubeClient): KubeClient => ({
  ...kube,
  request: async <T>(call: KubeCall): Promise<T> => {
    const isLook = call.method === "GET" && LEASES.test(call.path) && call.timeoutMs !== undefined;
    if (isLook) await new Promise(resolve => setTimeout(resolve, 50));
    return kube.request<T>(call);
  },
});

it("is not let go under a user of the same run who comes while the last one leaves", async () => {
  const { kube, holder } = leaseServer();
  const slow = lateLook(kube);
  const left = letGo(await hold(slow));
  const next = await hold(slow);
  await left;
  expect(holder()).toMatch(/^run-1/);
  await letGo(next);
  expect(holder()).toBeNull();
});
