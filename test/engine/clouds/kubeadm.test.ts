import { type KubeClient, listNodes } from "../../../kube";
import { labKubeconfig, labStatus } from "../../../lab";
import { Fault } from "../../../lab/clouds/fault";
import { expectClean, startAuditor } from "../../support/auditor";
import { openApps } from "../../support/cluster";
import {
  kubeadmCluster,
  type KubeadmStack,
  kubeadmWorkers,
  openKubeadmStack,
} from "../../support/kubeadmStack";
import { podsOf } from "../../support/workloads";

const LAB = "kubeadm-up";
const OLD = "1.35.8";
const NEW = "1.36.4";
const BLUE = ["w1", "w2"];
const GREEN = ["w3", "w4"];
const REST = { soak: { duration: "1s" }, health: { timeout: "2m" } };

jest.setTimeout(900_000);

describe("kubeadm over ssh by the real SDK, on stand-in machines", () => {
  let kubeadm: KubeadmStack;
  let kube: KubeClient;
  /** Where the journal stood before the upgrade began. */
  let mark = 0;

  const cluster = (version: string) => ({ cluster: kubeadmCluster(LAB, version, kubeadm.machines) });
  const workers = (image: string, names: readonly string[], version?: string) => ({
    pools: {
      workers: {
        ...kubeadmWorkers(image, names, kubeadm.machines),
        ...(version === undefined ? {} : { version }),
      },
    },
  });

  beforeAll(async () => {
    kubeadm = await openKubeadmStack(LAB, {
      ...{ version: OLD, controlPlanes: ["cp1", "cp2"], workers: [...BLUE, ...GREEN, "w5"] },
      config: machines => ({
        cluster: kubeadmCluster(LAB, OLD, machines),
        pools: { workers: kubeadmWorkers(`${OLD}-1.1`, BLUE, machines) },
        ...REST,
      }),
    });
    const first = await kubeadm.stack.up();
    if (first.code !== 0) throw new Error(first.text);
    kube = await openApps(LAB);
  });

  afterAll(async () => {
    await kube.close();
    await kubeadm.close();
  });

  const nodes = async (): Promise<readonly string[]> =>
    (await listNodes(kube)).map(node => `${node.name} ${node.kubeletVersion}`).sort();

  it("takes the cluster over as kubeadm left it, and its machines join as nodes of the generation", async () => {
    expect(await nodes()).toEqual(["cp1 v1.35.8", "cp2 v1.35.8", "w1 v1.35.8", "w2 v1.35.8"]);
    const upgraded = kubeadm.machines.journal.filter(line => /kubeadm upgrade|drain/.test(line));
    expect(upgraded).toEqual([]);
    const again = await kubeadm.stack.preview("--expect-no-changes");
    expect(again.text).not.toMatch(/^ [~+-]/m);
    expect(again.code).toBe(0);
  });

  it("keeps neither key nor token in the state", async () => {
    const { text } = await kubeadm.stack.must(["stack", "export", "--show-secrets"]);
    expect(text).toContain("kubeadm join --config");
    expect(text).not.toMatch(/PRIVATE KEY|privateKey/);
    for (const token of Object.keys(kubeadm.machines.state.tokens)) expect(text).not.toContain(token);
  });

  it("refuses a skipped minor in the preview", async () => {
    kubeadm.stack.set({ ...cluster("1.37.1"), ...workers("1.37.1-1.1", GREEN) });
    const preview = await kubeadm.stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.text).toContain("ControlPlane.SkippedMinor");
  });

  it("refuses in the preview a machine that is a node of another generation, or that is switched off", async () => {
    await kubeadm.machines.switchOff("w5");
    kubeadm.stack.set({ ...cluster(NEW), ...workers(`${NEW}-1.1`, ["w2", "w5"]) });
    const preview = await kubeadm.stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.text).toContain("Kubeadm.HostTaken: w2");
    expect(preview.text).toContain("Kubeadm.Unreachable: w5");
  });

  it("shows each machine of the control plane as an update in place, the new machines, and no replacement", async () => {
    kubeadm.stack.set({ ...cluster(NEW), ...workers(`${NEW}-1.1`, GREEN) });
    const { text, code } = await kubeadm.stack.preview("--policy-pack", "policy");
    expect(text).toMatch(/~ .*command:remote:Command\s+kubeadm-up-cp1\s+update/);
    expect(text).toMatch(/~ .*command:remote:Command\s+kubeadm-up-cp2\s+update/);
    expect(text).toMatch(/\+ .*command:remote:Command\s+workers-1-36-[0-9a-f]{6}-w3\s+create/);
    expect(text).toMatch(/- .*command:remote:Command\s+workers-1-35-[0-9a-f]{6}-w1\s+delete/);
    expect(text).not.toMatch(/replace/);
    expect(code).toBe(0);
  });

  it("stops at the machine of the control plane that failed, with the pool as it was", async () => {
    mark = kubeadm.machines.journal.length;
    const fault = new Fault("UpgradeFailed", "static pod hash did not change within 5m0s");
    kubeadm.machines.failures.plan({ action: "kubeadm upgrade node", on: /^cp2$/, fault, times: 1 });
    const up = await kubeadm.stack.up();
    expect(up.code).not.toBe(0);
    expect(up.text).toMatch(/\d+ objects of \d+ resources restored elsewhere and found equal/);
    expect(up.text).toContain("static pod hash did not change within 5m0s");
    expect(up.text).toContain("cp1 runs v1.36.4, etcd 3.6.8-0 (before: 3.6.6-0)");
    expect(await nodes()).toEqual(["cp1 v1.36.4", "cp2 v1.35.8", "w1 v1.35.8", "w2 v1.35.8"]);
  });

  it("a new machine that can't join leaves the old ones alone", async () => {
    const fault = new Fault("JoinFailed", "timed out waiting for the kubelet to start");
    kubeadm.machines.failures.plan({ action: "kubeadm join", on: /^w4$/, fault, times: 1 });
    const up = await kubeadm.stack.up();
    expect(up.code).not.toBe(0);
    expect(up.text).toContain("timed out waiting for the kubelet to start");
    expect((await podsOf(kube, "web")).filter(pod => pod.ready)).toHaveLength(4);
    const blue = (await listNodes(kube)).filter(({ name }) => BLUE.includes(name));
    expect(blue.map(({ unschedulable, taints }) => ({ unschedulable, taints }))).toEqual(
      BLUE.map(() => ({ unschedulable: false, taints: [] })),
    );
  });

  it("has upgraded the control plane by kubeadm's own commands, each machine once, behind a snapshot", () => {
    const moves = kubeadm.machines.journal
      .slice(mark)
      .filter(line =>
        /^cp\d: (crictl exec|kubeadm upgrade|apt-get install|kubectl (drain|uncordon)|systemctl restart)/.test(
          line,
        ),
      )
      .map(line => line.replace(/crictl exec .* snapshot save .*/, "snapshot save"));
    expect(moves).toEqual([
      "cp1: snapshot save",
      "cp1: apt-get install -y kubeadm=1.36.4-1.1",
      "cp1: kubeadm upgrade plan v1.36.4",
      "cp1: kubeadm upgrade apply -y v1.36.4",
      "cp1: kubectl drain cp1 --ignore-daemonsets --timeout=600s",
      "cp1: apt-get install -y kubelet=1.36.4-1.1 kubectl=1.36.4-1.1",
      "cp1: systemctl restart kubelet",
      "cp1: kubectl uncordon cp1",
      "cp2: apt-get install -y kubeadm=1.36.4-1.1",
      "cp2: kubeadm upgrade node",
      "cp1: snapshot save",
      "cp2: apt-get install -y kubeadm=1.36.4-1.1",
      "cp2: kubeadm upgrade node",
      "cp2: kubectl drain cp2 --ignore-daemonsets --timeout=600s",
      "cp2: apt-get install -y kubelet=1.36.4-1.1 kubectl=1.36.4-1.1",
      "cp2: systemctl restart kubelet",
      "cp2: kubectl uncordon cp2",
    ]);
  });

  it("goes back with the pool, whose machines stayed; only the one that had joined is reset", async () => {
    kubeadm.stack.set(workers(`${OLD}-1.1`, BLUE, OLD));
    const up = await kubeadm.stack.up();
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    expect(await nodes()).toEqual(["cp1 v1.36.4", "cp2 v1.36.4", "w1 v1.35.8", "w2 v1.35.8"]);
    expect(kubeadm.machines.journal.filter(line => line.includes("kubeadm reset"))).toEqual([
      "w3: kubeadm reset -f",
    ]);
  });

  it("moves every workload within its budget to new machines, and resets the old ones", async () => {
    kubeadm.stack.set(workers(`${NEW}-1.1`, GREEN));
    const audit = await startAuditor(labKubeconfig(LAB) ?? "", kubeadm.stack.dir);
    const up = await kubeadm.stack.up();
    const summary = await audit.stop();
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    expectClean(summary);
    expect(await nodes()).toEqual(["cp1 v1.36.4", "cp2 v1.36.4", "w3 v1.36.4", "w4 v1.36.4"]);
    expect(labStatus(LAB).version).toBe(NEW);
    expect((await podsOf(kube, "web")).filter(pod => pod.ready)).toHaveLength(4);
    expect(kubeadm.machines.journal).toContain("w1: kubeadm reset -f");
    expect(kubeadm.machines.journal).toContain("w2: kubeadm reset -f");
  });

  it("changes nothing on the next run, also after a refresh", async () => {
    expect((await kubeadm.stack.preview("--expect-no-changes")).code).toBe(0);
    expect((await kubeadm.stack.run(["refresh", "--yes"])).code).toBe(0);
    expect((await kubeadm.stack.preview("--expect-no-changes")).code).toBe(0);
  });

  it("takes an edit of how machines are reached as updates in place", async () => {
    const { cluster: before } = cluster(NEW);
    const own = before["kubeadm"] as { readonly ssh: object };
    kubeadm.stack.set({ cluster: { ...before, kubeadm: { ...own, ssh: { ...own.ssh, user: "ubuntu" } } } });
    const { text, code } = await kubeadm.stack.preview();
    expect(text).toMatch(/~ .*command:remote:Command\s+workers-1-36-[0-9a-f]{6}-w3\s+update/);
    expect(text).not.toMatch(/replace|^ [+-] {2}/m);
    expect(code).toBe(0);
    kubeadm.stack.set(cluster(NEW));
  });

  it("goes back to old packages on machines that were freed, within the same budgets", async () => {
    kubeadm.stack.set(workers(`${OLD}-1.1`, BLUE, OLD));
    const audit = await startAuditor(labKubeconfig(LAB) ?? "", kubeadm.stack.dir);
    const up = await kubeadm.stack.up("--policy-pack", "policy");
    const summary = await audit.stop();
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    expectClean(summary);
    expect(await nodes()).toEqual(["cp1 v1.36.4", "cp2 v1.36.4", "w1 v1.35.8", "w2 v1.35.8"]);
  });

  it("destroys the pool's nodes and leaves the control plane, which it did not make", async () => {
    const destroy = await kubeadm.stack.run(["destroy", "--yes"]);
    expect(destroy.text).not.toMatch(/error:/);
    expect(destroy.code).toBe(0);
    expect(await nodes()).toEqual(["cp1 v1.36.4", "cp2 v1.36.4"]);
    expect(kubeadm.machines.journal.filter(line => /^cp\d: kubeadm reset/.test(line))).toEqual([]);
  });
});
