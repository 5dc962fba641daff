import fc from "fast-check";
import type { NodePoolArgs } from "../../../../../components/clouds/contract";
import { nodePoolName } from "../../../../../components/clouds/gke/facts";
import { fixedProperties, importOf, nodePoolArgs } from "../../../../../components/clouds/gke/nodePoolArgs";
import { connectionOf, parseStack, type StackSpec } from "../../../../../core/config";
import { generationId } from "../../../../../core/identity/generation";

const stackWith = (pool: object): StackSpec => {
  const parsed = parseStack({
    cluster: {
      ...{ name: "eu", cloud: "gke", version: "1.36", region: "europe-west1", project: "my-project" },
      gke: { serviceAccount: "gke-nodes@my-project.iam.gserviceaccount.com" },
    },
    backup: { kind: "none" },
    pools: {
      workers: {
        size: { min: 3, max: 9 },
        machine: "n2-standard-4",
        image: "1.36.4-gke.1000000",
        zones: ["c", "b"],
        ...pool,
      },
    },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
};

const argsFor = (pool: object, start?: number): NodePoolArgs => {
  const { cluster, pools } = stackWith(pool);
  const [spec] = pools;
  if (spec === undefined) throw new Error("no pool");
  return {
    cluster,
    connection: connectionOf(cluster),
    pool: "workers",
    generation: generationId("eu", spec),
    active: true,
    spec: start === undefined ? spec : { ...spec, start },
  };
};

describe("a generation as a node pool of GKE", () => {
  it("names exact machines, and leaves no upgrade to GKE", () => {
    expect(nodePoolArgs(argsFor({}))).toMatchObject({
      project: "my-project",
      location: "europe-west1",
      cluster: "eu",
      version: "1.36.4-gke.1000000",
      nodeLocations: ["europe-west1-b", "europe-west1-c"],
      initialNodeCount: 2,
      autoscaling: { totalMinNodeCount: 3, totalMaxNodeCount: 9, locationPolicy: "BALANCED" },
      management: { autoRepair: true, autoUpgrade: false },
      nodeConfig: {
        machineType: "n2-standard-4",
        imageType: "COS_CONTAINERD",
        serviceAccount: "gke-nodes@my-project.iam.gserviceaccount.com",
      },
    });
  });

  it("takes another image type from the image", () => {
    expect(nodePoolArgs(argsFor({ image: "UBUNTU_CONTAINERD/1.36.4-gke.1000000" }))).toMatchObject({
      version: "1.36.4-gke.1000000",
      nodeConfig: { imageType: "UBUNTU_CONTAINERD" },
    });
  });

  it("says spot, disk and accelerators only where config does, and asks GKE for their driver", () => {
    const plain = nodePoolArgs(argsFor({})).nodeConfig;
    for (const key of ["spot", "diskSizeGb", "guestAccelerators"]) expect(plain).not.toHaveProperty(key);
    const shape = { capacity: "spot", diskGiB: 200, accelerator: "nvidia-l4/2" };
    expect(nodePoolArgs(argsFor(shape)).nodeConfig).toMatchObject({
      ...{ spot: true, diskSizeGb: 200 },
      guestAccelerators: [
        { type: "nvidia-l4", count: 2, gpuDriverInstallationConfig: { gpuDriverVersion: "DEFAULT" } },
      ],
    });
  });

  it("is found by its labels, and born unproven beside the user's own taints", () => {
    const args = argsFor({
      labels: { team: "a" },
      taints: [{ key: "gpu", value: "yes", effect: "NoExecute" }],
    });
    expect(nodePoolArgs(args).nodeConfig).toMatchObject({
      labels: {
        team: "a",
        "changeover.dev/pool": "workers",
        "changeover.dev/generation": args.generation,
      },
      taints: [
        { key: "gpu", value: "yes", effect: "NO_EXECUTE" },
        { key: "changeover.dev/unproven", value: "", effect: "NO_SCHEDULE" },
      ],
    });
  });

  it("may be born smaller than its least size where the pool moves in waves", () => {
    expect(nodePoolArgs(argsFor({}, 1))).toMatchObject({
      initialNodeCount: 1,
      autoscaling: { totalMinNodeCount: 1, totalMaxNodeCount: 9 },
    });
  });

  it("is fixed in everything but its bounds, and in those too once it is being left", () => {
    const stated = Object.keys(nodePoolArgs(argsFor({})));
    const open = (active: boolean): string[] =>
      stated.filter(key => !fixedProperties({ active }).includes(key));
    expect(open(true)).toEqual(["autoscaling", "management"]);
    expect(open(false)).toEqual([]);
  });

  it("an adopted one keeps its name and everything else", () => {
    const args = { ...argsFor({}), adopted: "main-pool" };
    const path = "projects/my-project/locations/europe-west1/clusters/eu/nodePools/main-pool";
    expect(nodePoolArgs(args).name).toBe("main-pool");
    expect(importOf(args)).toEqual({ import: path });
    expect(Object.keys(nodePoolArgs(args)).filter(key => !fixedProperties(args).includes(key))).toEqual([]);
  });
});

describe("names", () => {
  it("every legal pool and cluster gives a name that GKE takes", () => {
    const name = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$/);
    const minor = fc.integer({ min: 20, max: 120 });
    fc.assert(
      fc.property(name, minor, (pool, number) => {
        const source = { version: `1.${number}`, zones: [], labels: {}, taints: [] };
        expect(nodePoolName(generationId("eu", { name: pool, ...source }))).toMatch(
          /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/,
        );
      }),
    );
  });
});
