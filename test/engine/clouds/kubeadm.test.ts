import fc from "fast-check";
import { type KubeClient, listNodes } from "../../../kube";
import { labKubeconfig, labStatus } from "../../../lab";
import { Fault } from "../../../lab/clouds/fault";
import { expectNoEditReplaces } from "../../support/anyEdit";
import { expectClean, startAuditor } from "../../support/auditor";
import { furnish } from "../../support/cluster";
import {
  kubeadmCluster,
  type KubeadmStack,
  kubeadmWorkers,
  openKubeadmStack,
} from "../../support/kubeadmStack";
import { expectDone } from "../../support/outcome";
import { planOf } from "../../support/plan";
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
  let creation: readonly string[];
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
    creation = await planOf(kubeadm.stack);
    ({ kube } = await furnish(kubeadm.stack));
  });

  afterAll(async () => {
    await kube.close();
    await kubeadm.close();
  });

  const nodes = async (): Promise<readonly string[]> =>
    (await listNodes(kube)).map(node => `${node.name} ${node.kubeletVersion}`).sort();

  /** What the words of edits are: each of these lists of machines, and its number. */
  const listed = (...lists: readonly (readonly string[])[]) =>
    lists
      .map(names => kubeadmWorkers("", names, kubeadm.machines))
      .map(({ hosts, size }) => ({ hosts, size }));

  it("shows a new stack as the commands that will be run, and makes no control plane", () => {
    expect(creation.filter(step => !step.startsWith("create "))).toEqual([]);
    expect(creation).toMatchSnapshot();
  });

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

  it("whatever is edited, nothing is replaced, or the preview refuses it", async () => {
    const { ssh } = cluster(OLD).cluster["kubeadm"] as { readonly ssh: object };
    const edits = {
      clusters: [cluster(OLD).cluster, cluster(NEW).cluster],
      own: fc.record(
        {
          ssh: fc.constant({ ...ssh, user: "ubuntu" }),
          // The repositories offer the first alone.
          packages: fc.constantFrom({ revision: "1.1" }, { revision: "1.2" }),
        },
        { requiredKeys: [] },
      ),
      now: { ...kubeadmWorkers(`${OLD}-1.1`, BLUE, kubeadm.machines), version: OLD },
      pool: {
        images: [`${OLD}-1.1`, `${NEW}-1.1`],
        ...{ machines: [], zones: [], versions: [OLD, NEW], listed: listed(BLUE, GREEN, ["w3"]) },
      },
    };
    await expectNoEditReplaces(kubeadm.stack, edits, {
      cluster: `command:remote:Command ${LAB}-cp`,
      pool: "changeover:index:KubeadmMachines",
    });
    kubeadm.stack.set({ ...cluster(OLD), ...workers(`${OLD}-1.1`, BLUE), ...REST });
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
    const upgrade = await planOf(kubeadm.stack);
    expect(upgrade).toContainEqual(expect.stringMatching(/^update command:remote:Command kubeadm-up-cp1 /));
    expect(upgrade).toContainEqual(expect.stringMatching(/^update command:remote:Command kubeadm-up-cp2 /));
    expect(upgrade).toContainEqual(
      expect.stringMatching(/^create command:remote:Command workers-1-36-[0-9a-f]{6}-w3 /),
    );
    expect(upgrade).toContainEqual(
      expect.stringMatching(/^delete command:remote:Command workers-1-35-[0-9a-f]{6}-w1$/),
    );
    expect(upgrade.filter(step => /^\S*replac/.test(step))).toEqual([]);
    expect(upgrade).toMatchSnapshot();
  });

  it("stops at the machine of the control plane that failed, with the pool as it was", async () => {
    mark = kubeadm.machines.journal.length;
    const fault = new Fault("UpgradeFailed", "static pod hash did not change within 5m0s");
    kubeadm.machines.failures.plan({ action: "kubeadm upgrade node", on: /^cp2$/, fault, times: 1 });
    const up = await kubeadm.stack.up("--skip-preview");
    expect(up.code).not.toBe(0);
    expect(up.text).toMatch(/\d+ objects of \d+ resources restored elsewhere and found equal/);
    expect(up.text).toContain("static pod hash did not change within 5m0s");
    expect(up.text).toContain("cp1 runs v1.36.4, etcd 3.6.8-0 (before: 3.6.6-0)");
    expect(await nodes()).toEqual(["cp1 v1.36.4", "cp2 v1.35.8", "w1 v1.35.8", "w2 v1.35.8"]);
  });

  it("a new machine that can't join leaves the old ones alone", async () => {
    const fault = new Fault("JoinFailed", "timed out waiting for the kubelet to start");
    kubeadm.machines.failures.plan({ action: "kubeadm join", on: /^w4$/, fault, times: 1 });
    const up = await kubeadm.stack.up("--skip-preview");
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
    expect(await planOf(kubeadm.stack)).toMatchSnapshot();
    expectDone(await kubeadm.stack.up("--skip-preview"));
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
    expectDone(up);
    expectClean(summary);
    expect(await nodes()).toEqual(["cp1 v1.36.4", "cp2 v1.36.4", "w3 v1.36.4", "w4 v1.36.4"]);
    expect(labStatus(LAB).version).toBe(NEW);
    expect((await podsOf(kube, "web")).filter(pod => pod.ready)).toHaveLength(4);
    expect(kubeadm.machines.journal).toContain("w1: kubeadm reset -f");
    expect(kubeadm.machines.journal).toContain("w2: kubeadm reset -f");
  });

  it("changes nothing on the next run, also after a refresh", async () => {
    expect((await kubeadm.stack.preview("--expect-no-changes")).code).toBe(0);
    expect((await kubeadm.stack.run(["refresh", "--yes", "--skip-preview"])).code).toBe(0);
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
    expect(await planOf(kubeadm.stack)).toMatchSnapshot();
    const audit = await startAuditor(labKubeconfig(LAB) ?? "", kubeadm.stack.dir);
    const up = await kubeadm.stack.up("--skip-preview", "--policy-pack", "policy");
    const summary = await audit.stop();
    expectDone(up);
    expectClean(summary);
    expect(await nodes()).toEqual(["cp1 v1.36.4", "cp2 v1.36.4", "w1 v1.35.8", "w2 v1.35.8"]);
  });

  it("destroys the pool's nodes and leaves the control plane, which it did not make", async () => {
    expect(await planOf(kubeadm.stack, "destroy", "--preview-only")).toMatchSnapshot();
    expectDone(await kubeadm.stack.run(["destroy", "--yes", "--skip-preview"]));
    expect(await nodes()).toEqual(["cp1 v1.36.4", "cp2 v1.36.4"]);
    expect(kubeadm.machines.journal.filter(line => /^cp\d: kubeadm reset/.test(line))).toEqual([]);
  });
});
