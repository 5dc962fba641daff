import { type KubeClient, listNodes } from "../../../kube";
import { labKubeconfig } from "../../../lab";
import { expectClean } from "../../support/auditor";
import { openApps } from "../../support/cluster";
import { type KubeadmStack, kubeadmWorkers, openKubeadmStack } from "../../support/kubeadmStack";
import { expectDone } from "../../support/outcome";
import { podsOf } from "../../support/workloads";

const LAB = "kubeadm-adopt";
const OLD = "1.35.8";
const NEW = "1.36.4";
const BLUE = ["w1", "w2"];
const GREEN = ["w3", "w4"];

jest.setTimeout(900_000);

describe("a cluster and machines that kubeadm joined before, on stand-in machines", () => {
  let kubeadm: KubeadmStack;
  let kube: KubeClient;

  beforeAll(async () => {
    kubeadm = await openKubeadmStack(LAB, {
      ...{ version: OLD, controlPlanes: ["cp1"], workers: [...BLUE, ...GREEN], joined: BLUE },
      config: () => ({ backup: { kind: "none" }, soak: { duration: "1s" }, health: { timeout: "2m" } }),
    });
    kube = await openApps(LAB);
  });

  afterAll(async () => {
    await kube.close();
    await kubeadm.close();
  });

  const where = (): readonly string[] => [
    ...["--stack", "test", "--cloud", "kubeadm", "--cluster", LAB],
    ...["--kubeconfig", labKubeconfig(LAB) ?? "", "--known-hosts", kubeadm.machines.knownHosts],
    ...["cp1", ...BLUE].flatMap(node => ["--address", `${node}=${kubeadm.machines.addresses[node] ?? ""}`]),
  ];

  const generations = async (): Promise<readonly (string | undefined)[]> => [
    ...new Set(
      (await listNodes(kube))
        .filter(({ name }) => name !== "cp1")
        .map(node => node.labels["changeover.dev/generation"]),
    ),
  ];

  /** What was done on machines that changes them. */
  const deeds = (): readonly string[] =>
    kubeadm.machines.journal.filter(line => /kubeadm|apt-get|kubectl (drain|cordon|delete)/.test(line));

  it("asks which machines are a pool, and guesses nothing", async () => {
    const open = await kubeadm.stack.changeover("adopt", ...where());
    expect(open.text).toContain("Adopt.KubeadmUnnamed");
    expect(open.text).toContain("changeover adopt workers=w1,w2");
    expect(open.code).toBe(1);
  });

  it("shows what it would write and proves it, and changes nothing", async () => {
    const dry = await kubeadm.stack.changeover("adopt", "workers=w2,w1", ...where());
    expect(dry.text).toContain("proven by a preview; nothing was written");
    expect(dry.code).toBe(0);
    expect(await generations()).toEqual([undefined]);
    expect(deeds()).toEqual([]);
  });

  it("writes the config, labels the nodes and says so when run again; no machine is changed", async () => {
    const adopt = await kubeadm.stack.changeover("adopt", "workers=w1,w2", ...where(), "--write");
    expect(adopt.text).toContain("written and labelled");
    expect(adopt.code).toBe(0);
    const again = await kubeadm.stack.changeover("adopt", ...where());
    expect(again.text).toBe("nothing to do: config and labels say so already\n");
    const [generation] = await generations();
    expect(generation).toMatch(/^workers-1-35-[0-9a-f]{6}$/);
    expect(kubeadm.stack.said("pools")["workers"]).toMatchObject({
      image: `${OLD}-1.1`,
      size: { min: 2, max: 2 },
      adopt: { name: "w1,w2", generation },
    });
    expect(deeds()).toEqual([]);
  });

  it("the first `up` takes them over: no machine is joined, reset or upgraded, and nothing is left to do", async () => {
    expectDone(await kubeadm.stack.up("--policy-pack", "policy"));
    expect(deeds().filter(line => !/kubectl get/.test(line))).toEqual([]);
    expect((await kubeadm.stack.preview("--expect-no-changes")).code).toBe(0);
  });

  it("an upgrade moves the workloads within their budget to new machines, and the adopted ones are reset", async () => {
    const cluster = kubeadm.stack.said("cluster");
    const { adopt } = kubeadm.stack.said("pools")["workers"] as { readonly adopt: object };
    const workers = { ...kubeadmWorkers(`${NEW}-1.1`, GREEN, kubeadm.machines), adopt };
    kubeadm.stack.set({ cluster: { ...cluster, version: NEW }, pools: { workers } });
    const audit = await kubeadm.stack.audit();
    const up = await kubeadm.stack.up("--policy-pack", "policy");
    const summary = await audit.stop();
    expectDone(up);
    expectClean(summary);
    const nodes = (await listNodes(kube)).map(({ name, kubeletVersion }) => `${name} ${kubeletVersion}`);
    expect(nodes).toEqual(["cp1 v1.36.4", "w3 v1.36.4", "w4 v1.36.4"]);
    expect((await podsOf(kube, "web")).filter(pod => pod.ready)).toHaveLength(4);
    expect(deeds()).toContain("w1: kubeadm reset -f");
    expect(deeds()).toContain("w2: kubeadm reset -f");
    const tidy = await kubeadm.stack.changeover("adopt", "--stack", "test", "--write");
    expect(tidy.text).toContain("changeover:pools.workers.adopt = (removed)");
    expect(tidy.code).toBe(0);
  });
});
