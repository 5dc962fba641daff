import { isVirtual } from "../../../kube";

const TAINT = { key: "virtual-kubelet.io/provider", value: "azure", effect: "NoSchedule" };

describe("a virtual node", () => {
  it.each([
    ["by its label", { labels: { type: "virtual-kubelet" }, taints: [] }, true],
    ["by its taint, where the label is another", { labels: { type: "burst" }, taints: [TAINT] }, true],
    ["and is no machine of a cloud", { labels: { type: "node" }, taints: [] }, false],
  ])("is known %s", (_how, node, expected) => {
    expect(isVirtual(node)).toBe(expected);
  });
});
