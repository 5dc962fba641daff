import { parseStack } from "../../../core/config";
import { desiredOf } from "../../../core/upgrade/desired";
import { clusterObjectPath, collectionPath, KINDS, type KubeClient, listNodes } from "../../../kube";
import { ensureLab, ensureLabPool } from "../../../lab";
import { checkPlacesAfter } from "../../../operations/preflight/placesAfter";
import { NEW, run, useTemporaryLabs, withKube } from "../../support/temporaryLabs";
import { until } from "../drain/arena";

useTemporaryLabs();

const LAB = "volumeroom";
const DRIVER = "disks.lab.test";
const common = { accessModes: ["ReadWriteOnce"], storageClassName: "" };
const room = { storage: "1Gi" };

const post = (kube: KubeClient, path: string, body: object): Promise<unknown> =>
  kube.request({ method: "POST", path, body });

/** What a kubelet writes of a driver once its plugin has registered on the node. */
const tellLimits = async (kube: KubeClient, count: number): Promise<void> => {
  for (const { name } of await listNodes(kube)) {
    const drivers = [{ name: DRIVER, nodeID: name, topologyKeys: [], allocatable: { count } }];
    await post(kube, collectionPath(KINDS.csiNodes), { metadata: { name }, spec: { drivers } });
  }
};

const forgetLimits = async (kube: KubeClient): Promise<void> => {
  for (const { name } of await listNodes(kube))
    await kube.request({ method: "DELETE", path: clusterObjectPath(KINDS.csiNodes, name) });
};

const putVolume = async (kube: KubeClient, claim: string): Promise<void> => {
  await post(kube, collectionPath(KINDS.volumes), {
    metadata: { name: `pv-${claim}` },
    spec: {
      ...common,
      ...{ capacity: room, claimRef: { namespace: "default", name: claim } },
      csi: { driver: DRIVER, volumeHandle: claim },
    },
  });
  await post(kube, collectionPath(KINDS.claims, "default"), {
    metadata: { name: claim },
    spec: { ...common, volumeName: `pv-${claim}`, resources: { requests: room } },
  });
};

/** Three pods with a disk each; their claims are there before them, under the names that the set would give. */
const putDatabase = async (kube: KubeClient): Promise<void> => {
  for (const at of [0, 1, 2]) await putVolume(kube, `data-db-${String(at)}`);
  const labels = { app: "db" };
  await post(kube, collectionPath(KINDS.statefulSets, "default"), {
    metadata: { name: "db" },
    spec: {
      ...{ replicas: 3, serviceName: "db", selector: { matchLabels: labels } },
      podManagementPolicy: "Parallel",
      template: {
        metadata: { labels },
        spec: {
          tolerations: [{ operator: "Exists" }],
          containers: [{ name: "db", image: "db", volumeMounts: [{ name: "data", mountPath: "/data" }] }],
        },
      },
      volumeClaimTemplates: [
        { metadata: { name: "data" }, spec: { ...common, resources: { requests: room } } },
      ],
    },
  });
  await until("three pods on nodes", async () => {
    const path = collectionPath(KINDS.pods, "default");
    const { items } = await kube.request<{ items: readonly { spec: { nodeName?: string } }[] }>({
      method: "GET",
      path,
    });
    return items.filter(({ spec }) => spec.nodeName !== undefined).length === 3 ? true : undefined;
  });
};

const check = async (kube: KubeClient, size: object): Promise<readonly string[]> => {
  const pools = { workers: { size, machine: "lab.medium" } };
  const cluster = { name: LAB, cloud: "lab", version: "1.36" };
  const parsed = parseStack({ cluster, pools, backup: { kind: "none" } });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const wanted = desiredOf(parsed.value, { kubeletMayTrail: 3, controlPlaneBack: "emulated" });
  const nodes = listNodes(kube);
  const found = await checkPlacesAfter({ kube, nodes }, wanted, AbortSignal.timeout(20_000));
  return [...found.blockers, ...found.warnings].map(({ code, message }) => `${code}: ${message}`);
};

it("the limits and volumes that a real API server holds decide whether coming nodes are enough", async () => {
  await ensureLab({ name: LAB, version: NEW }, run());
  await ensureLabPool(
    LAB,
    {
      ...{ generation: "workers-1-35-000000", pool: "workers", version: NEW, machine: "lab.medium" },
      ...{ size: { min: 2, max: 2 }, zones: [], labels: {}, taints: [] },
    },
    run(),
  );
  await withKube(LAB, async kube => {
    await tellLimits(kube, 2);
    await putDatabase(kube);
    expect(await check(kube, { min: 1, max: 1 })).toEqual([
      expect.stringMatching(
        /^Preflight\.TooManyVolumes: 3 volumes of disks\.lab\.test \(default\/db\) .*1 of pools\.workers \(lab\.medium, 2 each\)$/,
      ),
    ]);
    expect(await check(kube, { min: 2, max: 2 })).toEqual([]);
    await forgetLimits(kube);
    expect(await check(kube, { min: 2, max: 2 })).toEqual([
      expect.stringMatching(/^Preflight\.VolumeLimitUnknown: /),
    ]);
  });
});
