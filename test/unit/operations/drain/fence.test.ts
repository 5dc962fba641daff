import fc from "fast-check";
import type { NodeChange, NodeView } from "../../../../kube";
import { planFence, planOpen } from "../../../../operations/drain/fence";
import { parsePrior } from "../../../../operations/drain/prior";

const PRIOR = "changeover.dev/prior";
const LEAVING = { key: "changeover.dev/leaving", effect: "PreferNoSchedule" };
const CORDON = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };

const bare: NodeView = {
  uid: "n",
  name: "n",
  resourceVersion: "1",
  labels: {},
  annotations: { mine: "kept" },
  createdAt: undefined,
  deletionTimestamp: undefined,
  unschedulable: false,
  taints: [{ key: "gpu", effect: "NoSchedule" }],
  ready: true,
  readySince: undefined,
  conditions: [],
  allocatable: { cpuMillis: 0, memoryBytes: 0, other: {} },
  kubeletVersion: "",
  providerId: undefined,
  zone: undefined,
  addresses: [],
};

/** What the server holds after the patch. */
const apply = (node: NodeView, change: NodeChange): NodeView => ({
  ...node,
  unschedulable: change.unschedulable ?? node.unschedulable,
  taints: change.taints ?? node.taints,
  annotations: Object.fromEntries(
    Object.entries({ ...node.annotations, ...change.annotations }).flatMap(([key, value]) =>
      value === null ? [] : [[key, value]],
    ),
  ),
});

const fence = (node: NodeView, cordon: boolean): NodeView =>
  apply(node, planFence(node, { run: "r", cordon, now: () => 0 }));
const open = (node: NodeView): NodeView => apply(node, planOpen(node));

it("records what was there in the same write that changes it", () => {
  const fenced = fence(bare, true);
  expect(fenced).toMatchObject({ unschedulable: true, taints: [...bare.taints, LEAVING] });
  expect(parsePrior(fenced.annotations[PRIOR])).toEqual({
    unschedulable: false,
    taints: [],
    cordoned: true,
    at: "1970-01-01T00:00:00.000Z",
    cordonedAt: "1970-01-01T00:00:00.000Z",
  });
});

it("does the same when done twice, and never records its own work as what was there", () => {
  const once = fence(fence(bare, false), true);
  expect(fence(once, true)).toEqual(once);
  expect(fence(once, false)).toEqual(once);
});

it("leaves a node cordoned that its owner had cordoned before, or after a fence that did not cordon", () => {
  const cordoned = { ...bare, unschedulable: true };
  expect(open(fence(cordoned, true))).toEqual(cordoned);
  const later = { ...fence(bare, false), unschedulable: true };
  expect(open(later)).toEqual(cordoned);
  expect(open(fence(later, true))).toEqual(cordoned);
});

it("takes the platform's taint away with its own cordon, so that the node is open at once", () => {
  const fenced = fence(bare, true);
  expect(open({ ...fenced, taints: [...fenced.taints, CORDON] })).toEqual(bare);
});

it("gives back a taint of our name that was there before", () => {
  const marked = { ...bare, taints: [...bare.taints, LEAVING] };
  expect(open(fence(marked, true))).toEqual(marked);
});

it("takes only its marks away when the record cannot be read", () => {
  const broken = { ...fence(bare, true), annotations: { [PRIOR]: "{", mine: "kept" } };
  expect(open(broken)).toEqual({ ...bare, unschedulable: true });
});

it("gives any node back exactly, however often it was fenced", () => {
  const taints = fc.array(
    fc.constantFrom({ key: "a", effect: "NoSchedule" }, { key: "b", effect: "NoExecute" }),
    { maxLength: 2 },
  );
  const nodes = fc.record({ unschedulable: fc.boolean(), taints }).map(more => ({ ...bare, ...more }));
  fc.assert(
    fc.property(nodes, fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }), (node, cordons) => {
      expect(open(cordons.reduce(fence, node))).toEqual(node);
    }),
  );
});
