import { controlPlaneScript } from "../../../components/clouds/kubeadm/controlPlaneScript";
import { kubeadmLive, lookInPlace, toUpgrade } from "../../../components/clouds/kubeadm/live";
import { runtime } from "../../../components/clouds/kubeadm/runtime";
import type { GateContext } from "../../../components/gates/host/runtime";
import { type AcceptedOutage, type ClusterSpec, connectionOf, parseStack } from "../../../core/config";
import { openKube, type KubeClient, patchNode } from "../../../kube";
import { readNode } from "../../../kube/nodes";
import { labKubeconfig } from "../../../lab";
import { Fault } from "../../../lab/clouds/fault";
import type { StandInMachines } from "../../../lab/clouds/machines";
import { runRemote } from "../../../lab/clouds/machines/plugin/remote";
import { kubeadmCluster } from "../../support/kubeadmStack";
import { openStandInMachines } from "../../support/standInMachines";
import { eventually, NEW, OLD, useTemporaryLabs } from "../../support/temporaryLabs";
import { applyDeployment, applyStrandedPod, podsOf } from "../../support/workloads";

const LAB = "in-place";
const MARK = "/var/lib/changeover/cordoned";
const ALL = { "default/web": ["budget"], "default/debug": ["noController"] } as const;

useTemporaryLabs();

/** A site of one machine, which is control plane and node. */
describe("the only machine, upgraded where it stands", () => {
  let machines: StandInMachines;
  let close: () => Promise<void>;
  let kube: KubeClient;

  beforeAll(async () => {
    ({ machines, close } = await openStandInMachines({
      ...{ lab: LAB, version: OLD, controlPlanes: ["cp1"], workers: [] },
    }));
    kube = await openKube({ kubeconfig: labKubeconfig(LAB) ?? "" });
    await applyDeployment(kube, { name: "web", replicas: 2, maxUnavailable: 1 });
    await applyDeployment(kube, { name: "mailer", replicas: 1 });
    await applyStrandedPod(kube, { name: "debug", node: "cp1" });
    await served();
  });

  afterAll(async () => {
    await kube.close();
    await close();
  });

  const outage = (disregard: object): AcceptedOutage =>
    ({ until: "2026-12-31", reason: "closed at night", disregard }) as AcceptedOutage;

  const clusterWith = (disregard: object): ClusterSpec => {
    const cluster = kubeadmCluster(LAB, NEW, machines);
    const own = { ...(cluster["kubeadm"] as object), acceptedOutage: outage(disregard) };
    const parsed = parseStack({ cluster: { ...cluster, kubeadm: own }, pools: {} });
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    return parsed.value.cluster;
  };

  /** As the provider runs the resource's command. */
  const onMachine = (command: string): Promise<{ readonly stdout: string }> => {
    const [host = "", port] = (machines.addresses["cp1"] ?? "").split(":");
    return runRemote(
      { connection: { host, port: Number(port), user: "root", dialErrorLimit: 1, perDialTimeout: 15 } },
      command,
    );
  };

  const upgrade = (disregard: object) =>
    onMachine(controlPlaneScript(clusterWith(disregard), { node: "cp1", first: true }));

  const lookAt = (acceptedOutage?: AcceptedOutage) => {
    const hosts = { cp1: machines.addresses["cp1"] ?? "" };
    const outageOf = acceptedOutage === undefined ? {} : { acceptedOutage };
    const asked = { hosts, version: NEW, now: Date.parse("2026-11-22"), ...outageOf };
    return lookInPlace(kube, asked, AbortSignal.timeout(60_000));
  };

  const look = async (acceptedOutage?: AcceptedOutage) =>
    (await lookAt(acceptedOutage)).problems.map(
      ({ code, message }) => `${code} ${message.split(" ")[0] ?? ""}`,
    );

  const isClosed = async (): Promise<boolean | undefined> => (await readNode(kube, "cp1"))?.unschedulable;

  const served = () =>
    eventually("every pod is ready", async () => {
      const pods = [...(await podsOf(kube, "web")), ...(await podsOf(kube, "mailer"))];
      return pods.filter(({ ready }) => ready).length === 3 ? pods : undefined;
    });

  it("is refused with all that would be away or that a drain would stop at", async () => {
    expect(await look()).toEqual([
      "Kubeadm.Outage cp1",
      "Kubeadm.NotEvicted default/debug",
      "Kubeadm.NotEvicted default/web",
    ]);
    expect(await look(outage({ "default/web": ["budget"] }))).toEqual(["Kubeadm.NotEvicted default/debug"]);
    expect(await look(outage(ALL))).toEqual([]);
  });

  it("is asked about in the preview and once more before the first machine, also after a run that failed", async () => {
    const said: string[] = [];
    const cluster = clusterWith(ALL);
    const connection = connectionOf(cluster);
    const hosts = { cp1: machines.addresses["cp1"] ?? "" };
    const inputs = {
      gate: "KubeadmMachines",
      protocol: 1,
      connection,
      cluster: LAB,
      version: NEW,
      hosts,
    } as const;
    const context: GateContext = {
      ...{ signal: AbortSignal.timeout(60_000), run: "test", live: kubeadmLive },
      now: () => Date.parse("2026-11-22"),
      log: line => void said.push(line),
      reach: () => Promise.resolve(kube),
      isThere: () => Promise.resolve(true),
    };
    const outs = { ...inputs, outcome: { invited: [] } };
    await expect(runtime.apply(inputs, undefined, context)).rejects.toThrow(
      /Kubeadm\.Outage[^]*Kubeadm\.NotEv/,
    );
    expect(await runtime.isStale?.(outs, inputs, context)).toBe(true);
    expect(said).toEqual([]);
    const accepted = { ...inputs, acceptedOutage: outage(ALL) };
    expect((await runtime.check?.(accepted, undefined, context))?.problems).toEqual([]);
    expect(said).toEqual([
      expect.stringMatching(
        /^outage accepted until 2026-12-31 \(closed at night\): .* 4 pods of 3 workloads/,
      ),
      "deleted, not evicted, on cp1: default/debug; nobody makes its pod again",
      "deleted, not evicted, on cp1: default/web; its budget web allows 1 of the pods that have to go",
    ]);
    expect(await runtime.apply(accepted, undefined, context)).toEqual({
      ...accepted,
      outcome: { invited: [] },
    });
  });

  it("loses no pod that nobody accepted to lose, and is open again after the run that stopped there", async () => {
    const before = await podsOf(kube, "debug");
    await expect(upgrade({ "default/web": ["budget"] })).rejects.toThrow(
      /declare no controller \(use --force to override\): default\/debug[^]*cp1 is open again/,
    );
    expect((await podsOf(kube, "debug")).map(({ uid }) => uid)).toEqual(before.map(({ uid }) => uid));
    expect(await isClosed()).toBe(false);
    await served();
  });

  it("is not done while the kubelet that runs is the old one, and open again when the new one does not start", async () => {
    const fault = new Fault("Failed", "Job for kubelet.service failed because of a timeout");
    machines.failures.plan({ action: "systemctl restart", on: /^cp1$/, fault, times: 1 });
    await expect(upgrade(ALL)).rejects.toThrow(/kubelet\.service failed[^]*cp1 is open again/);
    expect(await isClosed()).toBe(false);
    const hosts = { cp1: "" };
    const left = await toUpgrade(kube, { hosts, version: NEW }, AbortSignal.timeout(10_000));
    expect(left.map(({ node }) => node)).toEqual(["cp1"]);
    await served();
  });

  it("is upgraded by the next run, in kubeadm's order, with what was named deleted and the rest evicted", async () => {
    const mark = machines.journal.length;
    const { stdout } = await upgrade(ALL);
    const moves = machines.journal
      .slice(mark)
      .filter(line => /kubeadm upgrade|install|kubectl (?:cordon|delete|drain|uncordon)|restart/.test(line))
      .map(line => line.replaceAll(/web-\S+/g, "web-*"));
    expect(moves).toEqual([
      "cp1: apt-get install -y kubeadm=1.36.4-1.1",
      "cp1: kubeadm upgrade plan v1.36.4",
      "cp1: kubeadm upgrade apply -y v1.36.4",
      "cp1: kubectl cordon cp1",
      "cp1: kubectl delete pods -n default web-* web-* --ignore-not-found --timeout=600s",
      "cp1: kubectl drain cp1 --ignore-daemonsets --timeout=600s",
      "cp1: apt-get install -y kubelet=1.36.4-1.1 kubectl=1.36.4-1.1",
      "cp1: systemctl restart kubelet",
      "cp1: kubectl uncordon cp1",
    ]);
    expect(stdout).toMatch(/cp1 took no pods for \d+ s\n.*cp1 runs v1\.36\.4/);
    expect((await readNode(kube, "cp1"))?.kubeletVersion).toBe(`v${NEW}`);
    await served();
    expect(await look()).toEqual([]);
  });

  it("is opened by the next run after one that ended with the machine, and a cordon of somebody else stays", async () => {
    await patchNode(kube, "cp1", () => ({ unschedulable: true }));
    expect((await lookAt()).told).toEqual([expect.stringMatching(/^cp1 is cordoned: `up` opens it where/)]);
    await upgrade(ALL);
    expect(await isClosed()).toBe(true);
    await onMachine(`sh -c 'touch ${MARK}'`);
    await upgrade(ALL);
    expect(await isClosed()).toBe(false);
  });
});
