import {
  projectCsiNode,
  projectPod,
  projectService,
  projectVolume,
  projectWorkload,
} from "../../../kube/objects";

const host = (values: readonly string[]) => [
  { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values }] },
];
const zone = [{ matchExpressions: [{ key: "topology.kubernetes.io/zone", operator: "In", values: ["z1"] }] }];
const volume = (spec: object, phase = "Bound") =>
  projectVolume({
    metadata: { name: "pv-1" },
    spec: { claimRef: { namespace: "shop", name: "data" }, ...spec },
    status: { phase },
  });
const bound = (nodeSelectorTerms: readonly object[]) => ({
  nodeAffinity: { required: { nodeSelectorTerms } },
});

describe("projectVolume", () => {
  it("tells whose it is, where it can be and who serves it", () => {
    expect(
      volume({ ...bound(zone), csi: { driver: "ebs.csi.aws.com" }, accessModes: ["ReadWriteOnce"] }),
    ).toMatchObject({
      name: "pv-1",
      claim: "shop/data",
      terms: zone,
      driver: "ebs.csi.aws.com",
      local: false,
      exclusive: true,
    });
  });

  it("belongs to nobody once it was released", () => {
    expect(volume({}, "Released").claim).toBeUndefined();
  });

  it.each([
    ["a local volume", { local: { path: "/d" } }, true],
    ["a host path", { hostPath: { path: "/d" } }, true],
    ["one that is bound to a host", bound(host(["n1"])), true],
    ["one that several hosts reach", bound(host(["n1", "n2"])), false],
    ["one of a zone", bound(zone), false],
    ["one that is anywhere", {}, false],
  ])("knows whether the data lies on one node: %s", (_title, spec, local) => {
    expect(volume(spec).local).toBe(local);
  });

  it("names the CSI driver that serves a volume from before CSI", () => {
    expect(volume({ awsElasticBlockStore: { volumeID: "vol-1" } }).driver).toBe("ebs.csi.aws.com");
    expect(volume({ csi: { driver: "d", volumeHandle: "h" } })).toMatchObject({ driver: "d", handle: "h" });
    expect(volume({ nfs: { server: "files" } }).driver).toBeUndefined();
  });

  it.each([
    [["ReadWriteOnce"], true],
    [["ReadWriteOncePod"], true],
    [["ReadWriteOnce", "ReadWriteMany"], false],
    [["ReadOnlyMany"], false],
  ])("knows whether one node holds it alone: %p", (accessModes, exclusive) => {
    expect(volume({ accessModes }).exclusive).toBe(exclusive);
  });
});

it("reads how many volumes a node holds, of drivers that say so", () => {
  const drivers = [{ name: "ebs", allocatable: { count: 25 } }, { name: "nfs" }];
  expect(projectCsiNode({ metadata: { name: "n1" }, spec: { drivers } })).toMatchObject({
    name: "n1",
    drivers: ["ebs", "nfs"],
    limits: { ebs: 25 },
  });
  expect(projectCsiNode({}).limits).toEqual({});
});

it("reads a service without selector as one that selects nothing", () => {
  expect(projectService({ metadata: { name: "a" } })).toMatchObject({ type: "ClusterIP", selector: {} });
  const spec = { type: "LoadBalancer", selector: { app: "web" } };
  expect(projectService({ spec })).toMatchObject(spec);
});

it("tells disks from memory, sleeps from commands, and devices by claim", () => {
  const preStop = (hook: object) => ({ lifecycle: { preStop: hook } });
  const view = projectPod({
    spec: {
      volumes: [
        { name: "disk", emptyDir: {} },
        { name: "ram", emptyDir: { medium: "Memory" } },
        { name: "logs", hostPath: { path: "/var/log" } },
      ],
      containers: [
        preStop({ sleep: { seconds: 5 } }),
        preStop({ sleep: { seconds: 9 } }),
        preStop({ exec: {} }),
      ],
      resourceClaims: [{ name: "gpu" }],
    },
  });
  expect(view).toMatchObject({ volumes: { local: ["disk", "logs"] }, preStopSeconds: 9, devices: true });
  expect(projectPod({})).toMatchObject({ volumes: { local: [] }, preStopSeconds: 0, devices: false });
});

const spare = { rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget" }] }] };
const fail = { rules: [{ action: "FailJob", onPodConditions: [{ type: "DisruptionTarget" }] }] };

it.each([
  ["no retries", { backoffLimit: 0 }, true],
  ["no retries, but evictions do not count", { backoffLimit: 0, podFailurePolicy: spare }, false],
  ["no retries, and a policy for others", { backoffLimit: 0, podFailurePolicy: fail }, true],
  ["retries", { backoffLimit: 1 }, false],
  ["the usual retries", {}, false],
])("knows whether an eviction fails a Job for good: %s", (_title, spec, fails) => {
  expect(projectWorkload("Job")({ spec }).failsByEviction).toBe(fails);
  expect(projectWorkload("Deployment")({ spec }).failsByEviction).toBe(false);
});
