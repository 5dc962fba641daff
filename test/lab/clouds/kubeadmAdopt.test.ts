import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kubeadmLive } from "../../../components/clouds/kubeadm/live";
import { kubeadmStock } from "../../../components/clouds/kubeadm/live/stock";
import type { ConnectionRecipe } from "../../../core/config";
import type { ExistingCluster } from "../../../core/config/existing";
import { openKube, patchNode } from "../../../kube";
import { labKubeconfig } from "../../../lab";
import type { StandInMachines } from "../../../lab/clouds/machines";
import { rootOf } from "../../../lab/clouds/machines/state";
import { openStandInMachines } from "../../support/standInMachines";
import { OLD, useTemporaryLabs } from "../../support/temporaryLabs";

const LAB = "adopt-kubeadm";

useTemporaryLabs();

let folder: string;
let machines: StandInMachines;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ folder, machines, close } = await openStandInMachines({
    ...{ lab: LAB, version: OLD, controlPlanes: ["cp1", "cp2"] },
    ...{ workers: ["w1", "w2", "w3", "w4"], joined: ["w1", "w2", "w3"] },
  }));
});

afterAll(() => close());

const place = (): ConnectionRecipe => ({
  ...{ cloud: "kubeadm", name: LAB, kubeconfig: labKubeconfig(LAB) ?? "" },
  ssh: { user: "root", knownHosts: machines.knownHosts, controlPlanes: {} },
});

const read = async (
  names: readonly string[],
  addresses: Readonly<Record<string, string>> = machines.addresses,
): Promise<ExistingCluster> => {
  const found = await kubeadmStock.readExisting(place(), { names, addresses });
  if (found === "absent") throw new Error("absent");
  return found;
};

const codes = ({ problems, pools }: ExistingCluster): readonly string[] =>
  [...problems, ...pools.flatMap(pool => pool.problems)].map(({ code, path }) => `${code} ${path}`);

const labelled = async (node: string, labels: Readonly<Record<string, string | null>>): Promise<void> => {
  const kube = await openKube(await accessOf());
  try {
    await patchNode(kube, node, () => ({ labels }));
  } finally {
    await kube.close();
  }
};

const accessOf = async () => {
  const access = await kubeadmLive.access(place());
  if (access === "absent") throw new Error("absent");
  return access;
};

describe("what a cluster of kubeadm's tells of itself", () => {
  it("is described as config would: control plane, packages, machines and where they answer", async () => {
    const found = await read(["w1,w2"]);
    expect(codes(found)).toEqual([]);
    const { cp1, cp2, w1, w2 } = machines.addresses;
    expect(found.cluster).toMatchObject({
      ...{ name: LAB, cloud: "kubeadm", version: OLD },
      kubeadm: { controlPlanes: { cp1, cp2 }, ssh: { knownHosts: machines.knownHosts } },
    });
    expect(found.pools).toMatchObject([
      {
        name: "w1,w2",
        entry: { version: OLD, image: `${OLD}-1.1`, size: { min: 2, max: 2 }, hosts: { w1, w2 } },
        nodes: ["w1", "w2"],
      },
    ]);
  });

  it("asks which machines are one pool where nobody says it", async () => {
    expect(codes(await read([]))).toEqual(["Adopt.KubeadmUnnamed pools"]);
  });

  it("knows generations of changeover's own, which stay what they are", async () => {
    await labelled("w3", { "changeover.dev/generation": "workers-1-35-abcdef" });
    const { pools } = await read(["w1,w2"]);
    expect(pools.map(({ name, made, nodes }) => ({ name, made, nodes }))).toEqual([
      { name: "w1,w2", made: false, nodes: ["w1", "w2"] },
      { name: "workers-1-35-abcdef", made: true, nodes: ["w3"] },
    ]);
    await labelled("w3", { "changeover.dev/generation": null });
  });

  it("a pool whose nodes are all gone is none", async () => {
    expect((await read(["w8,w9"])).pools).toEqual([]);
  });

  it("all that stands against it is told at once", async () => {
    const { cp1 = "", cp2 = "", w1 = "", w3 = "" } = machines.addresses;
    await labelled("w2", { team: "shop" });
    const found = await read(["cp2,w2,w9", "w1,w3"], { cp1, cp2, w1: w3, w2: w1 });
    expect(codes(found)).toEqual([
      "Adopt.KubeadmNoNode cp2,w2,w9",
      "Adopt.KubeadmControlPlane hosts.cp2",
      "Adopt.KubeadmOtherMachine hosts.w2",
      "Adopt.KubeadmUnlike cp2,w2,w9",
      "Adopt.KubeadmOtherMachine hosts.w1",
      "Adopt.KubeadmNoAddress hosts.w3",
    ]);
    await labelled("w2", { team: null });
  });

  it("machines of one pool that are unlike are told with what they differ in", async () => {
    await labelled("w2", { team: "shop" });
    const { pools } = await read(["w1,w2"]);
    expect(pools[0]?.problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/differ in labels and taints \(\{"labels":\{[^}]*\}\} \| .*"team":"shop"/),
    ]);
    await labelled("w2", { team: null });
  });

  it("a machine with another package than it runs, or of a generation already, is not taken over", async () => {
    const record = machines.state.machines["w1"];
    if (record === undefined) throw new Error("no w1");
    record.packages.kubelet = "1.35.9-1.1";
    expect(codes(await read(["w1"]))).toEqual(["Adopt.KubeadmOtherKubelet hosts.w1"]);
    delete record.packages.kubelet;
    expect(codes(await read(["w1"]))).toEqual(["Adopt.KubeadmNoPackage hosts.w1"]);
    record.packages.kubelet = `${OLD}-1.1`;
    const marks = join(rootOf(folder, "w3"), "var/lib/changeover");
    mkdirSync(marks, { recursive: true });
    writeFileSync(join(marks, "joined"), "workers-1-35-abcdef\n");
    expect(codes(await read(["w1", "w3"]))).toEqual(["Adopt.KubeadmMade hosts.w3"]);
  });

  it("a control plane that is not at one version is left for kubeadm", async () => {
    const path = join(rootOf(folder, "cp2"), "etc/kubernetes/manifests/kube-apiserver.yaml");
    writeFileSync(path, "    image: registry.k8s.io/kube-apiserver:v1.34.9\n");
    expect(codes(await read(["w1"]))).toEqual(["Adopt.KubeadmUneven hosts.cp2"]);
  });
});
