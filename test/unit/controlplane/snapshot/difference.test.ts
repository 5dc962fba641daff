import { describeDifferences } from "../../../../controlplane/snapshot/difference";

const digests = (entries: Record<string, [number, string]>) =>
  new Map(Object.entries(entries).map(([name, [count, hash]]) => [name, { count, hash }]));

describe("describeDifferences", () => {
  it("has nothing to say when every count and hash is the same", () => {
    const side = digests({ pods: [3, "x"], "deployments.apps": [1, "y"] });
    expect(describeDifferences(side, digests({ "deployments.apps": [1, "y"], pods: [3, "x"] }))).toEqual([]);
  });

  it("names each resource that differs, sorted, with how", () => {
    const live = digests({
      pods: [3, "x"],
      secrets: [2, "a"],
      "widgets.example.com": [4, "w"],
      nodes: [1, "n"],
    });
    const restored = digests({ pods: [2, "x"], secrets: [2, "b"], nodes: [1, "n"], leases: [7, "l"] });
    expect(describeDifferences(live, restored)).toEqual([
      "leases: only in the restored cluster (7 objects)",
      "pods: 3 objects live, 2 restored",
      "secrets: 2 objects on both sides, but their content differs",
      "widgets.example.com: missing in the restored cluster (4 objects live)",
    ]);
  });
});
