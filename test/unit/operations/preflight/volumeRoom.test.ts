import { parseStack } from "../../../../core/config";
import { describeProblems, type Problem } from "../../../../core/problem";
import { desiredOf } from "../../../../core/upgrade/desired";
import { listNodes } from "../../../../kube";
import { checkPlacesAfter } from "../../../../operations/preflight/placesAfter";
import { failed, scriptApi } from "../../../support/scriptedApi";

const ZONE = "topology.kubernetes.io/zone";
const EBS = "ebs.csi.aws.com";
const MACHINE = "node.kubernetes.io/instance-type";
const GENERATION = "changeover.dev/generation";
const workers = { size: { min: 1, max: 1 }, machine: "lab.large" };

const nodeOf = (name: string, labels: object, spec: object = {}): object => ({
  metadata: { name, labels: { [MACHINE]: "lab.large", ...labels } },
  spec,
});
const blue = (name: string, labels: object = {}): object =>
  nodeOf(name, { "changeover.dev/pool": "workers", [GENERATION]: "workers-1-35-000000", ...labels });

const csiNode = (name: string, count: number | undefined, driver = EBS): object => ({
  metadata: { name },
  spec: { drivers: [{ name: driver, ...(count === undefined ? {} : { allocatable: { count } }) }] },
});

const terms = (zone: string): object => ({
  required: { nodeSelectorTerms: [{ matchExpressions: [{ key: ZONE, operator: "In", values: [zone] }] }] },
});

/** A bound volume `name` of the claim of that name. */
const volume = (
  name: string,
  spec: object = { csi: { driver: EBS, volumeHandle: `vol-${name}` } },
): object => ({
  metadata: { name: `pv-${name}` },
  spec: { claimRef: { namespace: "shop", name }, ...spec },
  status: { phase: "Bound" },
});

const pod = (
  name: string,
  claims: readonly string[],
  { node = "old-1", kind = "StatefulSet" } = {},
): object => ({
  metadata: {
    ...{ name, namespace: "shop" },
    ownerReferences: [{ kind, name: name.split("-")[0], uid: "1", controller: true, apiVersion: "apps/v1" }],
  },
  spec: {
    nodeName: node,
    volumes: claims.map(claimName => ({ name: claimName, persistentVolumeClaim: { claimName } })),
  },
  status: { phase: "Running" },
});

interface There {
  readonly pools?: object;
  readonly nodes?: readonly object[];
  readonly csinodes?: readonly object[];
  readonly persistentvolumes?: readonly object[];
  readonly volumeattachments?: readonly object[];
  readonly pods?: readonly object[];
  readonly closed?: readonly string[];
}

const THREE = ["1", "2", "3"];

const look = async ({ pools = { workers }, closed = [], ...there }: There) => {
  const lists: Readonly<Record<string, readonly object[] | undefined>> = {
    nodes: [blue("old-1")],
    csinodes: [csiNode("old-1", 2)],
    persistentvolumes: THREE.map(name => volume(name)),
    pods: THREE.map(name => pod(`db-${name}`, [name])),
    ...there,
  };
  const stack = { cluster: { name: "shop", cloud: "lab", version: "1.36" }, pools, backup: { kind: "none" } };
  const parsed = parseStack(stack);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const wanted = desiredOf(parsed.value, { kubeletMayTrail: 3, controlPlaneBack: "emulated" });
  const api = scriptApi(({ path }) => {
    const plural = path.split("/").at(-1) ?? "";
    return closed.includes(plural) ? failed(403) : { items: lists[plural] ?? [] };
  });
  const nodes = listNodes(api.kube);
  const found = await checkPlacesAfter({ kube: api.kube, nodes }, wanted, AbortSignal.timeout(5_000));
  return { ...found, asked: api.calls.map(({ path }) => path.split("/").at(-1)) };
};

const codes = ({ blockers, warnings }: { blockers: readonly Problem[]; warnings: readonly Problem[] }) =>
  [...blockers, ...warnings].map(({ code }) => code);

const sized = (min: number, max = min, more: object = {}): object => ({
  workers: { ...workers, size: { min, max }, ...more },
});

describe("whether coming nodes hold the volumes that move", () => {
  it("refuses more than the pool can have nodes for", async () => {
    const found = await look({});
    expect(describeProblems(found.blockers)).toBe(
      [
        "  - Preflight.TooManyVolumes at pools.workers: 3 volumes of ebs.csi.aws.com (shop/db) leave with nodes of pools.workers, and all nodes that there could be for them hold fewer: 1 of pools.workers (lab.large, 2 each)",
        "    fix: raise pools.workers.size.max by 1 or more, take a machine that holds more volumes, or spread these workloads over other pools (https://kubernetes.io/docs/concepts/storage/storage-limits/)",
      ].join("\n"),
    );
    expect(found.warnings).toEqual([]);
  });

  it("warns where the nodes to start with are too few", async () => {
    const found = await look({ pools: sized(1, 3) });
    expect(found.blockers).toEqual([]);
    expect(describeProblems(found.warnings)).toBe(
      [
        "  - Preflight.VolumeRoomNotShown at pools.workers: 1 volume of ebs.csi.aws.com (shop/db) leaves with nodes of pools.workers and no place was found for them on the nodes that there will be at first: 1 of pools.workers (lab.large, 2 each); a volume tied to a zone counts only nodes that surely come there",
        "    fix: raise size.min of the pool, make it one pool for each zone (perZone), or take a machine that holds more volumes; else the migration stops before these pods until there are nodes (https://kubernetes.io/docs/concepts/storage/storage-limits/)",
      ].join("\n"),
    );
    expect(codes(await look({ pools: sized(2, 3) }))).toEqual([]);
  });

  it("says that it does not know of a machine that is nowhere yet", async () => {
    const found = await look({ pools: sized(1, 3, { machine: "lab.huge" }) });
    expect(found.blockers).toEqual([]);
    expect(describeProblems(found.warnings)).toBe(
      [
        "  - Preflight.VolumeLimitUnknown at pools.workers: 3 volumes of ebs.csi.aws.com (shop/db) leave with nodes of pools.workers, and whether the nodes that there will be hold them is not known: 1 of pools.workers (lab.huge, limit not known). A limit is told by nodes of the same kind that run the driver now (CSINode)",
        "    fix: compare with what the driver says of that machine; or add a node of it, of any pool, and run the preview again (https://kubernetes.io/docs/concepts/storage/storage-limits/)",
      ].join("\n"),
    );
    const other = nodeOf(
      "other",
      { [MACHINE]: "lab.huge" },
      { taints: [{ key: "own", effect: "NoSchedule" }] },
    );
    const told = { nodes: [blue("old-1"), other], csinodes: [csiNode("old-1", 2), csiNode("other", 3)] };
    expect(codes(await look({ pools: sized(1, 3, { machine: "lab.huge" }), ...told }))).toEqual([]);
  });

  it("a driver that runs without a limit takes any number; one that does not run is not known", async () => {
    expect(codes(await look({ csinodes: [csiNode("old-1", undefined)] }))).toEqual([]);
    expect(codes(await look({ csinodes: [] }))).toEqual(["Preflight.VolumeLimitUnknown"]);
  });

  it("of nodes of one kind the one that takes least is counted on, the one that takes most refuses", async () => {
    const nodes = [blue("old-1"), blue("old-2")];
    const csinodes = [csiNode("old-1", 1), csiNode("old-2", 3)];
    const three = { nodes, csinodes };
    expect(codes(await look({ ...three, pools: sized(1) }))).toEqual(["Preflight.VolumeRoomNotShown"]);
    expect(codes(await look({ ...three, pools: sized(3) }))).toEqual([]);
  });

  it("counts volumes from before CSI as their driver's", async () => {
    const awsElasticBlockStore = { volumeID: "vol-1" };
    const persistentvolumes = THREE.map(name => volume(name, { awsElasticBlockStore }));
    expect(codes(await look({ persistentvolumes }))).toEqual(["Preflight.TooManyVolumes"]);
  });

  it("counts one claim of several pods, and one handle of several volumes, once a node", async () => {
    const pods = THREE.map(name => pod(`db-${name}`, ["1"]));
    expect(codes(await look({ pods }))).toEqual([]);
    const persistentvolumes = THREE.map(name => volume(name, { csi: { driver: EBS, volumeHandle: "fs-1" } }));
    expect(codes(await look({ persistentvolumes }))).toEqual([]);
  });

  it("asks nothing of volumes that no driver serves or that lie on a node's own disk", async () => {
    for (const spec of [{ nfs: {} }, { csi: { driver: EBS }, local: { path: "/d" } }]) {
      const found = await look({ persistentvolumes: THREE.map(name => volume(name, spec)) });
      expect(codes(found)).toEqual([]);
      expect(found.asked).not.toContain("csinodes");
    }
  });

  it("leaves out pods that nothing makes again elsewhere", async () => {
    const pods = THREE.map(name => pod(`db-${name}`, [name], { kind: "DaemonSet" }));
    expect(codes(await look({ pods }))).toEqual([]);
  });

  describe("a node that stays", () => {
    const stays = (spec: object = {}): There => ({
      nodes: [blue("old-1"), nodeOf("stays", {}, spec)],
      csinodes: [csiNode("old-1", 2), csiNode("stays", 2)],
      persistentvolumes: [...THREE, "own", "gone"].map(name => volume(name)),
    });
    const own = pod("own-1", ["own"], { node: "stays" });
    const three = THREE.map(name => pod(`db-${name}`, [name]));
    const attachment = (name: string): object => ({
      metadata: { name: `a-${name}` },
      spec: { nodeName: "stays", source: { persistentVolumeName: `pv-${name}` } },
    });

    it("takes what it has room for beside its own", async () => {
      expect(codes(await look({ ...stays(), pods: [...three, own] }))).toEqual([]);
      const more = {
        ...own,
        spec: {
          nodeName: "stays",
          volumes: ["own", "gone"].map(claimName => ({ persistentVolumeClaim: { claimName } })),
        },
      };
      const { blockers } = await look({ ...stays(), pods: [...three, more] });
      expect(blockers).toEqual([
        expect.objectContaining({
          message: expect.stringContaining(
            "1 of pools.workers (lab.large, 2 each), 1 that stay (0 more)",
          ) as string,
        }),
      ]);
    });

    it("an attachment that no pod uses is not room, and no refusal either", async () => {
      const volumeattachments = [attachment("own"), attachment("gone")];
      expect(codes(await look({ ...stays(), volumeattachments, pods: [...three, own] }))).toEqual([
        "Preflight.VolumeRoomNotShown",
      ]);
    });

    it("is no room while it is cordoned", async () => {
      expect(codes(await look({ ...stays({ unschedulable: true }), pods: [...three, own] }))).toEqual([
        "Preflight.VolumeRoomNotShown",
      ]);
    });
  });

  it("volumes of a zone count only nodes that surely come there", async () => {
    const nodes = [blue("old-1", { [ZONE]: "eu-west-1a" }), blue("old-2", { [ZONE]: "eu-west-1b" })];
    const csinodes = [csiNode("old-1", 3), csiNode("old-2", 3)];
    const csi = { driver: EBS };
    const persistentvolumes = THREE.map(name => volume(name, { csi, nodeAffinity: terms("eu-west-1a") }));
    const inZones = (min: number, ...zones: readonly string[]) => ({
      ...{ nodes, csinodes, persistentvolumes },
      pools: sized(min, 9, { zones }),
    });
    expect(codes(await look(inZones(2, "a", "b")))).toEqual([]);
    expect(codes(await look(inZones(2, "a", "b", "c")))).toEqual(["Preflight.VolumeRoomNotShown"]);
    expect(codes(await look(inZones(3, "a", "b", "c")))).toEqual([]);
  });

  it("a pool that comes with the same edit is told by the nodes of others", async () => {
    const apps = { ...workers, size: { min: 2, max: 2 } };
    const pools = { workers: { ...workers, remove: true }, apps };
    expect(codes(await look({ pools }))).toEqual([]);
    expect(codes(await look({ pools: { ...pools, apps: workers } }))).toEqual(["Preflight.TooManyVolumes"]);
  });

  it.each(["csinodes", "volumeattachments"])("says so where %s may not be listed", async plural => {
    expect(codes(await look({ closed: [plural] }))).toEqual(["Preflight.VolumeLimitsNotRead"]);
  });
});
