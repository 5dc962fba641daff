import type { Sighting } from "../../../bench/drain/ledger";
import type { Scenario } from "../../../bench/drain/scenario";
import { openCluster } from "../../../bench/drain/standIn/cluster";
import { serve, type Served } from "../../../bench/drain/standIn/serve";
import { openStore } from "../../../bench/drain/standIn/store";

const SCENARIO: Scenario = {
  name: "S7-client",
  title: "",
  nodes: 2,
  workloads: [
    {
      name: "mass-0",
      kind: "Deployment",
      replicas: 4,
      pace: { startMs: 2_000, readyMs: 1_000, stopMs: 3_000 },
      budgets: [{ maxUnavailable: 1 }],
      cpuMillis: 10,
    },
  ],
  deadlineSeconds: 60,
  judgedByBound: false,
};

interface Budget {
  readonly status: { readonly disruptionsAllowed: number };
}

const openStage = () => {
  const store = openStore();
  const seen: Sighting[] = [];
  const gone: string[] = [];
  const hooks = { seen: (pod: Sighting) => void seen.push(pod), gone: (uid: string) => void gone.push(uid) };
  const cluster = openCluster(store, SCENARIO, hooks);
  const allowed = () => {
    const text = store.get("/apis/policy/v1/poddisruptionbudgets", "crowd/mass-0") ?? "{}";
    return (JSON.parse(text) as Budget).status.disruptionsAllowed;
  };
  const evict = (index: number) =>
    cluster.evict({ namespace: "crowd", name: `mass-0-old-${index}`, uid: `old-${index}` });
  const evictOther = () => cluster.evict({ namespace: "crowd", name: "mass-0-old-0", uid: "other" });
  return { close: cluster.close, seen, gone, allowed, evict, evictOther };
};

describe("the stand-in for a cluster", () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it("has every pod on blue and ready", () => {
    const { seen, close } = openStage();
    jest.advanceTimersByTime(100);
    close();
    expect(seen.map(({ node, ready }) => [node, ready])).toEqual([
      ["blue-0", true],
      ["blue-1", true],
      ["blue-0", true],
      ["blue-1", true],
    ]);
  });

  it("keeps budgets: one more goes when the successor of the one before is ready", () => {
    const { evict, allowed, close } = openStage();
    jest.advanceTimersByTime(100);
    expect([allowed(), evict(0), allowed(), evict(1)]).toEqual([1, 201, 0, 429]);
    jest.advanceTimersByTime(2_900);
    expect(evict(1)).toBe(429);
    jest.advanceTimersByTime(300);
    expect([allowed(), evict(1)]).toEqual([1, 201]);
    close();
  });

  it("knows pods by uid, and those that are gone", () => {
    const { evict, evictOther, gone, close } = openStage();
    jest.advanceTimersByTime(100);
    expect(evictOther()).toBe(409);
    expect(evict(0)).toBe(201);
    expect(evict(0)).toBe(404);
    jest.advanceTimersByTime(3_000);
    expect(gone).toEqual(["old-0"]);
    close();
  });

  it("puts successors on green", () => {
    const { evict, seen, close } = openStage();
    jest.advanceTimersByTime(100);
    evict(0);
    jest.advanceTimersByTime(4_000);
    expect(seen.at(-1)).toMatchObject({ uid: "new-0", node: "green-0", ready: true, going: false });
    close();
  });
});

describe("the stand-in for an API server", () => {
  const NODES = "/api/v1/nodes";
  const store = openStore();
  let served: Served;

  beforeAll(async () => {
    for (const name of ["a", "b", "c"]) store.put(NODES, { metadata: { name, labels: { pool: "blue" } } });
    served = await serve({ store, evict: () => 429 });
  });
  afterAll(() => served.close());

  const call = async (method: string, path: string, body?: object) => {
    const answer = await fetch(`${served.url}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { code: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };

  it("lists in pages", async () => {
    const first = await call("GET", `${NODES}?limit=2`);
    expect(first.body).toMatchObject({ metadata: { continue: "2" }, items: [{}, {}] });
    const last = await call("GET", `${NODES}?limit=2&continue=2`);
    expect(last.body).toMatchObject({ items: [{ metadata: { name: "c" } }] });
    expect(last.body["metadata"]).not.toHaveProperty("continue");
  });

  it("merges patches; null takes away", async () => {
    await call("PATCH", `${NODES}/a`, {
      metadata: { labels: { pool: null, zone: "z" } },
      spec: { taints: [] },
    });
    const { body } = await call("GET", `${NODES}/a`);
    expect(body).toMatchObject({ metadata: { name: "a", labels: { zone: "z" } }, spec: { taints: [] } });
    expect((body["metadata"] as { labels: object }).labels).toEqual({ zone: "z" });
  });

  it("makes objects in their namespace, with a uid", async () => {
    const leases = "/apis/coordination.k8s.io/v1/namespaces/ours/leases";
    expect((await call("GET", `${leases}/one`)).code).toBe(404);
    await call("POST", leases, { metadata: { name: "one" } });
    expect((await call("GET", `${leases}/one`)).body).toMatchObject({
      metadata: { namespace: "ours", uid: expect.any(String) as string },
    });
  });

  it("answers evictions as the cluster judges them", async () => {
    const { code, body } = await call("POST", "/api/v1/namespaces/crowd/pods/x/eviction", {});
    expect([code, body["reason"]]).toEqual([429, "TooManyRequests"]);
  });

  it("watches from where a list ended", async () => {
    const { body } = await call("GET", `${NODES}?limit=500`);
    const { resourceVersion } = body["metadata"] as { readonly resourceVersion: string };
    store.put(NODES, { metadata: { name: "late" } });
    const stop = new AbortController();
    const answer = await fetch(`${served.url}${NODES}?watch=true&resourceVersion=${resourceVersion}`, {
      signal: stop.signal,
    });
    const chunk = await answer.body?.getReader().read();
    stop.abort();
    expect(new TextDecoder().decode(chunk?.value as Uint8Array)).toMatch(/^\{"type":"ADDED".*"late"/);
  });
});
