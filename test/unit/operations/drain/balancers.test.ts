import { projectNode } from "../../../../kube";
import { deleteNodeObject, leaveBalancers, usesNodes } from "../../../../operations/drain/balancers";
import { readNodeFact } from "../../../../operations/drain/facts";
import { openFence, planFence } from "../../../../operations/drain/fence";
import { failed, scriptApi } from "../../../support/scriptedApi";

const SERVICES = "/api/v1/services";
const NODE = "/api/v1/nodes/blue-0";
const LABEL = "node.kubernetes.io/exclude-from-external-load-balancers";
const NOW = Date.parse("2026-09-01T12:00:00Z");

interface Raw {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: object;
}

const isSet = ([, value]: readonly [string, unknown]): boolean => value !== null;
const merge = (before: object = {}, after: object = {}): Record<string, string> =>
  Object.fromEntries(Object.entries({ ...before, ...after }).filter(isSet)) as Record<string, string>;

/** One node that takes patches. */
const serve = (labels: Readonly<Record<string, string>> = {}, fenced = true) => {
  let raw: Raw = { metadata: { name: "blue-0", uid: "u-1", labels }, spec: {} };
  const patch = ({ metadata, spec }: Raw): Raw => ({
    metadata: {
      ...raw.metadata,
      labels: merge(raw.metadata.labels, metadata.labels),
      annotations: merge(raw.metadata.annotations, metadata.annotations),
    },
    spec: merge(raw.spec, spec),
  });
  const api = scriptApi(({ method, path, body }) => {
    if (path !== NODE) return undefined;
    if (method === "PATCH") raw = patch(body as Raw);
    return raw;
  });
  if (fenced) {
    const change = planFence(projectNode(raw), { run: "r", cordon: true, now: () => NOW });
    raw = patch({ metadata: { ...raw.metadata, annotations: change.annotations as never }, spec: {} });
  }
  const lines: string[] = [];
  const ports = { kube: api.kube, log: (line: string) => void lines.push(line) };
  return { api, ports, lines, raw: () => raw };
};

describe("a node leaves its load balancers", () => {
  it("by a label, with the record of it in the same write", async () => {
    const { api, ports, lines, raw } = serve();
    expect(readNodeFact(raw())).not.toHaveProperty("leftBalancersAt");
    await leaveBalancers(ports, "blue-0", NOW);
    expect(raw().metadata.labels).toEqual({ [LABEL]: "" });
    expect(readNodeFact(raw()).leftBalancersAt).toBe(NOW);
    expect(lines).toEqual(["node/blue-0 is empty and leaves external load balancers"]);
    await leaveBalancers(ports, "blue-0", NOW + 5_000);
    expect(api.writes()).toHaveLength(1);
  });

  it("and comes back to them when it is given back", async () => {
    const { ports, raw } = serve({ pool: "blue" });
    await leaveBalancers(ports, "blue-0", NOW);
    await openFence(ports.kube, ["blue-0"]);
    expect(raw().metadata.labels).toEqual({ pool: "blue" });
    expect(raw().metadata.annotations).toEqual({});
  });

  it("not by our hand when somebody else took it out: it stays out", async () => {
    const { api, ports, raw } = serve({ [LABEL]: "true" });
    await leaveBalancers(ports, "blue-0", NOW);
    expect(api.writes()).toEqual([]);
    expect(readNodeFact(raw()).leftBalancersAt).toBe(0);
    await openFence(ports.kube, ["blue-0"]);
    expect(raw().metadata.labels).toEqual({ [LABEL]: "true" });
  });

  it("never without a record of what was before", async () => {
    const { api, ports } = serve({}, false);
    await leaveBalancers(ports, "blue-0", NOW);
    expect(api.writes()).toEqual([]);
  });
});

describe("nodes have load balancers to leave", () => {
  const service = (type: string, externalTrafficPolicy?: string): object => ({
    metadata: { name: "web", namespace: "shop", uid: "s" },
    spec: { type, ...(externalTrafficPolicy === undefined ? {} : { externalTrafficPolicy }) },
  });
  const ask = async (answer: unknown, asked = true) => {
    const lines: string[] = [];
    const { kube } = scriptApi(({ path }) => (path === SERVICES ? answer : undefined));
    const { signal } = new AbortController();
    const found = await usesNodes({ kube, log: line => void lines.push(line), signal }, asked);
    return { found, lines };
  };

  it.each([
    ["one sends to every node", [service("ClusterIP"), service("LoadBalancer", "Cluster")], true],
    ["one does so by default", [service("LoadBalancer")], true],
    ["all send only where pods are", [service("LoadBalancer", "Local")], false],
    ["there are none", [service("NodePort", "Cluster")], false],
  ])("when %s", async (_, items, expected) => {
    expect((await ask({ items })).found).toBe(expected);
  });

  it("says why not, if somebody wanted to wait for it", async () => {
    expect((await ask({ items: [] })).lines).toEqual([
      "empty nodes leave no load balancers: no Service of type LoadBalancer sends to every node (externalTrafficPolicy Cluster)",
    ]);
    expect(await ask(failed(403))).toEqual({
      found: false,
      lines: ["empty nodes leave no load balancers: Services could not be read"],
    });
    expect((await ask({ items: [] }, false)).lines).toEqual([]);
  });
});

describe("a node is given up", () => {
  const remove = async (answer: unknown) => {
    const lines: string[] = [];
    const api = scriptApi(() => answer);
    await deleteNodeObject({ kube: api.kube, log: line => void lines.push(line) }, "blue-0", "u-1");
    return { calls: api.calls, lines };
  };

  it("only as the one that was looked at, and it is said", async () => {
    const { calls, lines } = await remove({});
    expect(calls).toMatchObject([{ method: "DELETE", path: NODE, body: { preconditions: { uid: "u-1" } } }]);
    expect(lines).toEqual([expect.stringContaining("node/blue-0 is given up")]);
  });

  it.each([404, 409])("quietly when it is gone or another one (%i)", async status => {
    expect((await remove(failed(status))).lines).toEqual([]);
  });

  it("not when the server refuses", async () => {
    await expect(remove(failed(403))).rejects.toMatchObject({ kind: "forbidden" });
  });
});
