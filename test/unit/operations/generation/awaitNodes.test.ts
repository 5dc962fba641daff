import type { Problem } from "../../../../core/problem";
import { type AwaitedNodes, awaitNodes } from "../../../../operations/generation/awaitNodes";
import { scriptApi } from "../../../support/scriptedApi";

const GPU = "nvidia.com/gpu";

const node = (name: string, devices: Record<string, string>): object => ({
  metadata: { name, uid: name, resourceVersion: "1", labels: {} },
  status: {
    conditions: [{ type: "Ready", status: "True" }],
    allocatable: { cpu: "8", memory: "16Gi", ...devices },
    nodeInfo: { kubeletVersion: "v1.36.4" },
  },
});

const list = (...items: readonly object[]): object => ({ metadata: { resourceVersion: "1" }, items });

const problem = (missing: string): Problem => ({
  code: "Test.Late",
  path: "gpu",
  message: missing,
  fix: "wait",
});

const wanted: AwaitedNodes = {
  ...{ generation: "gpu-1-36-abcdef", version: "1.36", size: 2, timeoutSeconds: 1, problem },
  expects: { [GPU]: 2 },
};

const waitOn = (looks: readonly object[]) => {
  const said: string[] = [];
  const left = [...looks];
  const { kube } = scriptApi(() => (left.length > 1 ? left.shift() : left[0]));
  const ports = { kube, now: Date.now, log: (line: string) => void said.push(line) };
  return { said, proven: awaitNodes(ports, wanted, new AbortController().signal) };
};

describe("waiting for nodes that config expects devices of", () => {
  it("goes on until each offers as many, and names the one that does not", async () => {
    const late = list(node("g1", { [GPU]: "2" }), node("g2", {}));
    const there = list(node("g1", { [GPU]: "2" }), node("g2", { [GPU]: "2" }));
    const { said, proven } = waitOn([late, there]);
    expect((await proven).map(({ name }) => name)).toEqual(["g1", "g2"]);
    expect(said).toEqual([
      "waiting for 1 of 2 nodes of gpu-1-36-abcdef Ready at 1.36: g2 has 0 of 2 nvidia.com/gpu allocatable (1 s left)",
    ]);
  });

  it("gives up where a node has fewer of them for good", async () => {
    const { proven } = waitOn([list(node("g1", { [GPU]: "2" }), node("g2", { [GPU]: "1" }))]);
    await expect(proven).rejects.toThrow("g2 has 1 of 2 nvidia.com/gpu allocatable");
  });
});
