import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { NodePoolArgs } from "../../../components/clouds/contract";
import { findingsOf, invite, kubeadmLive } from "../../../components/clouds/kubeadm/live";
import { inviteMachines } from "../../../components/clouds/kubeadm/live/invite";
import { onMachine, type Remote } from "../../../components/clouds/kubeadm/live/ssh";
import {
  forgetScript,
  joinScript,
  leaveScript,
  poolPackages,
} from "../../../components/clouds/kubeadm/machineScripts";
import { controlPlanePackages } from "../../../components/clouds/kubeadm/controlPlaneScript";
import { type ConnectionRecipe, connectionOf, parseStack, type StackSpec } from "../../../core/config";
import { type KubeClient, openKube, patchNode } from "../../../kube";
import { labKubeconfig } from "../../../lab";
import { Fault } from "../../../lab/clouds/fault";
import { diskWith, sayAsBorn, sayOfHost } from "../../../lab/clouds/machines/host";
import type { StandInMachines } from "../../../lab/clouds/machines";
import { runRemote } from "../../../lab/clouds/machines/plugin/remote";
import { type CloudUnderTest, describeCloudContract } from "../../support/cloudContract";
import { kubeadmCluster, kubeadmWorkers } from "../../support/kubeadmStack";
import { openStandInMachines } from "../../support/standInMachines";
import { NEW, useTemporaryLabs } from "../../support/temporaryLabs";

const LAB = "contract-kubeadm";
const WORKERS = ["w1", "w2", "w3"];
const POOL = ["w1", "w2"];

useTemporaryLabs();

let folder: string;
let machines: StandInMachines;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ folder, machines, close } = await openStandInMachines({
    ...{ lab: LAB, version: NEW, controlPlanes: ["cp1"], workers: WORKERS },
  }));
});

afterAll(() => close());

const parsed = (): StackSpec => {
  const workers = kubeadmWorkers(`${NEW}-1.1`, POOL, machines);
  const stack = parseStack({ cluster: kubeadmCluster(LAB, NEW, machines), pools: { workers } });
  if (!stack.ok) throw new Error(JSON.stringify(stack.problems));
  return stack.value;
};

const sshOf = ({ ssh }: ConnectionRecipe) => {
  if (ssh === undefined) throw new Error("no ssh");
  return ssh;
};

const login = (connection: ConnectionRecipe) => ({
  ssh: sshOf(connection),
  signal: AbortSignal.timeout(60_000),
});

const addressOf = (node: string): string => machines.addresses[node] ?? "";

/** As the provider runs a resource's command. */
const runOn = (node: string, command: string): Promise<unknown> => {
  const [host = "", port] = addressOf(node).split(":");
  const connection = { host, port: Number(port), user: "root", dialErrorLimit: 1, perDialTimeout: 15 };
  return runRemote({ connection }, command);
};

const argsFor = (generation: string): NodePoolArgs => {
  const { cluster, pools } = parsed();
  const [spec] = pools;
  if (spec === undefined) throw new Error("no pool");
  return { cluster, connection: connectionOf(cluster), pool: "workers", generation, active: true, spec };
};

const openKubeadm = (): Promise<CloudUnderTest> => {
  const connection = connectionOf(parsed().cluster);
  return Promise.resolve({
    live: kubeadmLive,
    connection,
    kubeconfig: labKubeconfig(LAB) ?? "",
    makePool: async ({ generation }) => {
      const invited = POOL.map(node => ({ node, address: addressOf(node) }));
      await inviteMachines(login(connection), invited);
      for (const node of POOL) await runOn(node, joinScript(argsFor(generation), node));
    },
    close: () => Promise.resolve(),
  });
};

describeCloudContract("kubeadm", openKubeadm, "listed");

describe("machines that something is about to be done on", () => {
  const GREEN = "workers-1-36-fedcba";

  const withKube = async <T>(work: (kube: KubeClient) => Promise<T>): Promise<T> => {
    const kube = await openKube({ kubeconfig: labKubeconfig(LAB) ?? "" });
    try {
      return await work(kube);
    } finally {
      await kube.close();
    }
  };

  const asking = (hosts: readonly string[]) => ({
    connection: connectionOf(parsed().cluster),
    hosts: Object.fromEntries(hosts.map(node => [node, addressOf(node)])),
    ...{ pool: "workers", generation: GREEN, packages: poolPackages(argsFor(GREEN)) },
  });

  const findings = (asked: Parameters<typeof findingsOf>[1]) =>
    withKube(kube => findingsOf(kube, asked, AbortSignal.timeout(60_000)));

  const lookAt = async (asked: Parameters<typeof findingsOf>[1]) => {
    const { blockers, warnings } = await findings(asked);
    return [...blockers, ...warnings].map(({ code, path }) => `${code} ${path}`);
  };

  const look = (hosts: readonly string[], edit: Partial<ConnectionRecipe["ssh"]> = {}) => {
    const asked = asking(hosts);
    const ssh = { ...sshOf(asked.connection), ...edit };
    return lookAt({ ...asked, connection: { ...asked.connection, ssh } });
  };

  const whoAmI = (remote: Remote) => remote.run("echo here");

  it("pass when they are free, and nothing is left behind by the look", async () => {
    const [before, state] = [machines.journal.length, JSON.stringify(machines.state)];
    expect(await look(["w3"])).toEqual([]);
    expect(JSON.stringify(machines.state)).toBe(state);
    const asked = machines.journal.slice(before).map(line => line.split(" ").slice(1, 3).join(" "));
    expect(asked.sort()).toEqual([
      "apt-cache -o",
      "apt-get -q",
      "containerd --version",
      "crictl --runtime-endpoint",
      "dpkg-query -W",
      "systemctl is-active",
    ]);
  });

  const recordOf = (name: string) => {
    const record = machines.state.machines[name];
    if (record === undefined) throw new Error(`no ${name}`);
    return record;
  };

  describe("are looked at for what kubeadm and the kubelet need", () => {
    const w3 = () => recordOf("w3");
    const containerd = { version: "2.1.4", answers: true, running: true, systemdCgroup: true };
    const keyring = "/etc/apt/keyrings/kubernetes-apt-keyring.gpg";
    const socket = "/run/containerd/containerd.sock";

    afterEach(async () => {
      w3().containerd = containerd;
      Object.assign(w3(), { packages: {}, held: [] });
      sayAsBorn(folder, "w3");
      machines.failures.clear();
      await runOn("w3", `echo "a stand-in for a keyring" > ${keyring}; touch ${socket}`);
    });

    it("all at once, each with what mends it and its source", async () => {
      w3().containerd = { ...containerd, running: false };
      sayOfHost(folder, "w3", { stat: "tmpfs\n", swapon: "/dev/sda2\n", df: diskWith(9) });
      await runOn("w3", `rm ${keyring}`);
      const { blockers, warnings } = await findings(asking(["w3"]));
      expect(warnings).toEqual([]);
      expect(blockers.map(({ code }) => code)).toEqual([
        "Kubeadm.RuntimeSilent",
        "Kubeadm.CgroupV1",
        "Kubeadm.Swap",
        "Kubeadm.DiskFull",
        "Kubeadm.NoKeyring",
      ]);
      for (const { path, fix, source } of blockers)
        expect({ path, fix, source }).toEqual({
          path: "hosts.w3",
          fix: expect.stringMatching(/systemctl|cgroup|swapoff|disk|curl/) as string,
          source: expect.stringMatching(/^https:\/\/kubernetes\.io\//) as string,
        });
    });

    it("no container runtime at all", async () => {
      await runOn("w3", `rm ${socket}`);
      expect(await look(["w3"])).toEqual(["Kubeadm.NoRuntime hosts.w3"]);
    });

    it("a containerd of before 2.0: said while kubelets start with it, and its driver of cgroups refused", async () => {
      w3().containerd = { ...containerd, version: "1.7.28" };
      const { blockers, warnings } = await findings(asking(["w3"]));
      expect(blockers).toEqual([]);
      expect(warnings).toMatchObject([{ code: "Kubeadm.OldContainerd", source: "https://kep.k8s.io/4033" }]);
      w3().containerd = { ...containerd, version: "1.7.28", systemdCgroup: false };
      expect(await look(["w3"])).toEqual(["Kubeadm.CgroupDriver hosts.w3", "Kubeadm.OldContainerd hosts.w3"]);
    });

    it("a version that its repository does not offer, with those that it does", async () => {
      const packages = { ...poolPackages(argsFor(GREEN)), versions: { kubelet: "1.36.99-1.1" } };
      const { blockers } = await findings({ ...asking(["w3"]), packages });
      expect(blockers).toMatchObject([
        {
          code: "Kubeadm.NotOffered",
          message: expect.stringContaining(
            `kubelet 1.36.99-1.1 by https://pkgs.k8s.io/core:/stable:/v1.36/deb/; of kubelet there is ${NEW}-1.1`,
          ) as string,
        },
      ]);
    });

    it("a repository that does not answer, or that the keyring does not open, in apt's own words", async () => {
      machines.failures.plan({
        action: "apt-get update",
        on: /w3/,
        fault: new Fault("Unreachable", "no route to host"),
      });
      const unreachable = await findings(asking(["w3"]));
      expect(unreachable.blockers).toMatchObject([
        {
          code: "Kubeadm.NoRepository",
          message: expect.stringContaining("W: Failed to fetch: no route to host") as string,
        },
      ]);
      machines.failures.clear();
      await runOn("w3", `echo another > ${keyring}`);
      const untrusted = await findings(asking(["w3"]));
      expect(untrusted.blockers).toMatchObject([
        { code: "Kubeadm.NoRepository", message: expect.stringContaining("NO_PUBKEY") as string },
      ]);
    });

    it("packages that are newer already, and dependencies that are held", async () => {
      const packages = { kubelet: "1.37.1-1.1", "cri-tools": "1.36.0-1.1" };
      Object.assign(w3(), { packages, held: ["cri-tools"] });
      expect(await look(["w3"])).toEqual([
        "Kubeadm.NewerPackage hosts.w3",
        "Kubeadm.DependencyHeld hosts.w3",
      ]);
    });

    it("as the stand-in's join would refuse them", async () => {
      Object.assign(w3(), { packages: { kubeadm: `${NEW}-1.1`, kubelet: `${NEW}-1.1` } });
      const configuration = "apiVersion: kubeadm.k8s.io/v1beta4\\nkind: JoinConfiguration\\n";
      const join = () =>
        runOn("w3", `printf "${configuration}" > /run/j.yaml; kubeadm join --config /run/j.yaml`);
      sayOfHost(folder, "w3", { stat: "tmpfs\n" });
      await expect(join()).rejects.toThrow(/stand-in: cgroupV2/);
      w3().containerd = { ...containerd, answers: false };
      await expect(join()).rejects.toThrow(/stand-in: criAnswers/);
      await runOn("w3", `rm ${socket}`);
      await expect(join()).rejects.toThrow(/stand-in: oneRuntime/);
    });
  });

  it("of a control plane are looked at only when its version moves, and not for swap", async () => {
    const { cluster } = parsed();
    sayOfHost(folder, "cp1", { swapon: "/dev/sda2\n", stat: "tmpfs\n" });
    const asked = { connection: connectionOf(cluster), hosts: { cp1: addressOf("cp1") } };
    const packages = controlPlanePackages(cluster);
    expect(await lookAt({ ...asked, packages, version: NEW })).toEqual([]);
    expect(await lookAt({ ...asked, packages, version: "1.36.99" })).toEqual(["Kubeadm.CgroupV1 hosts.cp1"]);
    sayAsBorn(folder, "cp1");
  });

  it("are refused all at once: a node of another generation by its name and by what it is", async () => {
    expect(await look(["w1", "w3"])).toEqual(["Kubeadm.NodeThere hosts.w1", "Kubeadm.HostTaken hosts.w1"]);
  });

  it("are refused where the user who logs in may not be root, and not for what was not looked at", async () => {
    const file = "/etc/changeover-no-sudo";
    await runOn("w3", `touch ${file}`);
    expect(await look(["w3"], { user: "deploy" })).toEqual(["Kubeadm.NotRoot hosts.w3"]);
    await runOn("w3", `rm ${file}`);
    expect(await look(["w3"], { user: "deploy" })).toEqual([]);
  });

  it("are refused when they show another host key than the known one", async () => {
    const lines = readFileSync(machines.knownHosts, "utf8").trim().split("\n");
    const keys = lines.map(line => line.split(" ").slice(1).join(" "));
    const swapped = lines.map((line, index) => `${line.split(" ")[0] ?? ""} ${keys.at(index - 1) ?? ""}`);
    const knownHosts = join(folder, "swapped_hosts");
    writeFileSync(knownHosts, `${swapped.join("\n")}\n`);
    expect(await look(["w3"], { knownHosts })).toEqual(["Kubeadm.HostKeyChanged hosts.w3"]);
  });

  it("are refused when their host key is not known at all", async () => {
    const knownHosts = join(folder, "no_hosts");
    writeFileSync(knownHosts, "");
    expect(await look(["w3"], { knownHosts })).toEqual(["Kubeadm.NoHostKey cluster.kubeadm.ssh.knownHosts"]);
  });

  it("are not logged in to without an agent", async () => {
    const to = login(connectionOf(parsed().cluster));
    const machine = { node: "w3", address: addressOf("w3") };
    process.env["SSH_AUTH_SOCK"] = "";
    await expect(onMachine(to, machine, whoAmI)).rejects.toThrow(/Kubeadm.NoAgent/);
    process.env["SSH_AUTH_SOCK"] = machines.agent;
    expect((await onMachine(to, machine, whoAmI)).stdout).toBe("here\n");
  });

  it("refuse a join without an invitation, and with one that has ended", async () => {
    const args = argsFor(GREEN);
    await expect(runOn("w3", joinScript(args, "w3"))).rejects.toThrow(/has no invitation/);
    await inviteMachines(login(args.connection), [{ node: "w3", address: addressOf("w3") }]);
    for (const token of Object.keys(machines.state.tokens)) machines.state.tokens[token] = 0;
    await expect(runOn("w3", joinScript(args, "w3"))).rejects.toThrow(/stand-in: validToken/);
  });

  it("that were cut off in a join are begun anew, and leave as they came", async () => {
    const args = argsFor(GREEN);
    const from = machines.journal.length;
    const ran = (verb: string) =>
      machines.journal.slice(from).filter(line => line.startsWith(`w3: kubeadm ${verb}`));
    await inviteMachines(login(args.connection), [{ node: "w3", address: addressOf("w3") }]);
    await runOn("w3", joinScript(args, "w3"));
    await runOn("w3", joinScript(args, "w3"));
    expect(ran("join")).toHaveLength(1);
    expect(ran("reset")).toHaveLength(1);
    await runOn("w3", leaveScript(args));
    await runOn("w3", leaveScript(args));
    expect(ran("reset")).toHaveLength(2);
  });

  it("that are nodes already are taken over as they are, once `changeover adopt` has labelled them", async () => {
    await runOn("cp1", forgetScript(argsFor(GREEN)));
    const byHand = argsFor("nobody-1-36-000000");
    await inviteMachines(login(byHand.connection), [{ node: "w3", address: addressOf("w3") }]);
    await runOn("w3", joinScript(byHand, "w3"));
    await runOn("w3", "rm -f /var/lib/changeover/joined");
    const before = machines.journal.length;
    expect(await look(["w3"])).toEqual(["Kubeadm.NodeThere hosts.w3", "Kubeadm.HostTaken hosts.w3"]);
    await expect(runOn("w3", joinScript(argsFor(GREEN), "w3"))).rejects.toThrow(/is a node already/);
    const adopted = { ...asking(["w3"]), adopted: true };
    expect(await lookAt(adopted)).toEqual(["Kubeadm.NodeThere hosts.w3"]);
    const labelled = (generation: string | null) =>
      withKube(kube =>
        patchNode(kube, "w3", () => ({ labels: { "changeover.dev/generation": generation } })),
      );
    await labelled(null);
    expect(await lookAt(adopted)).toEqual([]);
    const inviting = withKube(kube => invite(kube, adopted, AbortSignal.timeout(60_000)));
    await expect(inviting).rejects.toThrow(/Kubeadm.NotLabelled/);
    await labelled(GREEN);
    expect(await look(["w3"])).toEqual([]);
    await runOn("w3", joinScript({ ...argsFor(GREEN), adopted: "w3" }, "w3"));
    await runOn("w3", joinScript(argsFor(GREEN), "w3"));
    expect(machines.journal.slice(before).filter(line => /kubeadm (?:join|reset)/.test(line))).toEqual([]);
    await runOn("w3", leaveScript(argsFor(GREEN)));
  });

  it("know their own programs only", async () => {
    await expect(runOn("w3", "sh -c 'docker ps'")).rejects.toThrow(/StandInLimit/);
    await expect(runOn("w3", "sh -c 'kubeadm init'")).rejects.toThrow(/StandInLimit: .* kubeadm init/);
  });
});
