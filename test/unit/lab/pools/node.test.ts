import { checkMachine, kubeletVersion, MACHINES, nodeBody } from "../../../../lab/pools/node";
import type { LabPool } from "../../../../lab/pools/record";

const pool: LabPool = {
  generation: "workers-1-36-7c2e90",
  pool: "workers",
  version: "1.36",
  size: { min: 1, max: 3 },
  machine: "lab.small",
  zones: ["a", "b"],
  labels: { team: "shop" },
  taints: [],
  desired: 1,
  closed: false,
  templateTaints: [{ key: "changeover.dev/unproven", effect: "NoSchedule" }],
};

interface Body {
  metadata: { name: string; labels: Record<string, string> };
  spec: { taints: unknown };
  status: { allocatable: Record<string, string>; nodeInfo: { kubeletVersion: string } };
}
const body = (index: number): Body => nodeBody("one", pool, index) as Body;

describe("nodeBody", () => {
  it("bears the pool, the generation, the user's labels, and that it is simulated", () => {
    expect(body(0).metadata.labels).toMatchObject({
      "changeover.dev/pool": "workers",
      "changeover.dev/generation": "workers-1-36-7c2e90",
      "lab.changeover.dev/simulated": "true",
      team: "shop",
    });
  });

  it("spreads nodes over the zones in turn", () => {
    const zones = [0, 1, 2].map(index => body(index).metadata.labels["topology.kubernetes.io/zone"]);
    expect(zones).toEqual(["a", "b", "a"]);
  });

  it("is as big as its machine and is born with the template's taints", () => {
    expect(body(0).status.allocatable).toMatchObject({ cpu: "2", memory: "4Gi" });
    expect(body(0).spec.taints).toEqual(pool.templateTaints);
  });
});

describe("kubeletVersion", () => {
  it.each([
    ["1.35", "v1.35.8"],
    ["1.36", "v1.36.4"],
    ["1.33", "v1.33.0"],
    ["1.35.2", "v1.35.2"],
  ])("of %s is %s", (version, kubelet) => {
    expect(kubeletVersion(version)).toBe(kubelet);
  });
});

describe("checkMachine", () => {
  it.each([...Object.keys(MACHINES), undefined])("knows %s", machine => {
    expect(() => checkMachine(machine)).not.toThrow();
  });

  it("names the machines there are when asked for another", () => {
    expect(() => checkMachine("m7i.large")).toThrow(
      /no machine "m7i.large"; there are lab.small, lab.medium, lab.large/,
    );
  });
});
