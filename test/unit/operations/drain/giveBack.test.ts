import type { KubeCall, NodeView } from "../../../../kube";
import { projectNode } from "../../../../kube";
import { planFence } from "../../../../operations/drain/fence";
import { asGivenBack, giveBack, markedNodes } from "../../../../operations/drain/giveBack";
import { type Script, scriptApi } from "../../../support/scriptedApi";

interface RawNode {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly unschedulable?: boolean;
    readonly taints?: readonly object[];
    readonly podCIDR?: string;
  };
}

const open = (name: string, pool: string, spec: RawNode["spec"] = {}): RawNode => ({
  metadata: { name, uid: name, resourceVersion: "1", labels: { pool }, annotations: { theirs: "kept" } },
  spec: { podCIDR: "10.0.0.0/24", ...spec },
});

/** As a drain leaves it. */
const fenced = (node: RawNode): RawNode => {
  const change = planFence(projectNode(node), { run: "r", cordon: true, now: () => 0 });
  return {
    metadata: {
      ...node.metadata,
      annotations: { ...node.metadata.annotations, ...change.annotations } as never,
    },
    spec: { ...node.spec, unschedulable: true, taints: change.taints ?? [] },
  };
};

const BLUE = { labels: { matchLabels: { pool: "blue" } } } as const;
const LIST = "/api/v1/nodes";

/** A server that holds nodes and takes merge patches of them. */
const serve = (nodes: readonly RawNode[]) => {
  const held = new Map(nodes.map(node => [`${LIST}/${node.metadata.name}`, node]));
  const merge = (into: object, patch: object): object =>
    Object.fromEntries(
      Object.entries({ ...into, ...patch }).flatMap(([key, value]: [string, unknown]) =>
        value === null ? [] : [[key, value]],
      ),
    );
  const script: Script = ({ method, path, body }: KubeCall) => {
    if (path === LIST) return { metadata: { resourceVersion: "1" }, items: [...held.values()] };
    const node = held.get(path);
    if (node === undefined || method === "GET") return node;
    const patch = body as { metadata: { annotations?: object }; spec: object };
    const annotations = merge(node.metadata.annotations, patch.metadata.annotations ?? {});
    held.set(path, {
      metadata: { ...node.metadata, annotations: annotations as never },
      spec: merge(node.spec, patch.spec),
    });
    return held.get(path);
  };
  return { ...scriptApi(script), nodes: () => [...held.values()] };
};

it("gives back exactly what was there, of the selected nodes that bear our record, and nothing else", async () => {
  const cordonedBefore = open("blue-2", "blue", { unschedulable: true });
  const foreign = fenced(open("other-1", "other"));
  const untouched = open("blue-3", "blue");
  const api = serve([fenced(open("blue-1", "blue")), fenced(cordonedBefore), untouched, foreign]);
  expect(await giveBack(api.kube, BLUE)).toEqual({ changed: ["blue-1", "blue-2"], same: [], gone: [] });
  expect(api.nodes()).toEqual([open("blue-1", "blue"), cordonedBefore, untouched, foreign]);
  expect(api.writes()).toEqual([`PATCH ${LIST}/blue-1`, `PATCH ${LIST}/blue-2`]);
});

it("has nothing to do the second time", async () => {
  const api = serve([fenced(open("blue-1", "blue"))]);
  await giveBack(api.kube, BLUE);
  expect(await giveBack(api.kube, BLUE)).toEqual({ changed: [], same: [], gone: [] });
  expect(api.writes()).toHaveLength(1);
});

it("names marked nodes in order", () => {
  const views: readonly NodeView[] = ["b", "c", "a"].map(name => projectNode(fenced(open(name, "blue"))));
  expect(markedNodes(views, { names: ["b", "a", "x"] })).toEqual(["a", "b"]);
});

describe("the cluster as it will look", () => {
  it("shows the selected nodes open, in lists only, and changes nothing", async () => {
    const closed = fenced(open("blue-1", "blue", { taints: [{ key: "gpu", effect: "NoSchedule" }] }));
    const other = fenced(open("green-1", "green"));
    const api = serve([closed, other]);
    const seen = asGivenBack(api.kube, BLUE);
    const list = await seen.request<{ items: readonly RawNode[] }>({ method: "GET", path: LIST });
    expect(list.items).toEqual([
      {
        ...open("blue-1", "blue"),
        spec: {
          podCIDR: "10.0.0.0/24",
          unschedulable: false,
          taints: [{ key: "gpu", effect: "NoSchedule" }],
        },
      },
      other,
    ]);
    expect(await seen.request({ method: "GET", path: `${LIST}/blue-1` })).toEqual(closed);
    expect(api.writes()).toEqual([]);
  });

  it("keeps a node closed that its owner had closed before", async () => {
    const api = serve([fenced(open("blue-1", "blue", { unschedulable: true }))]);
    const list = await asGivenBack(api.kube, BLUE).request<{ items: readonly RawNode[] }>({
      method: "GET",
      path: LIST,
    });
    expect(list.items[0]?.spec.unschedulable).toBe(true);
  });
});
