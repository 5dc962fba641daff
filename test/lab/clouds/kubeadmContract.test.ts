import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { NodePoolArgs } from "../../../components/clouds/contract";
import { invite, kubeadmLive, problemsOf } from "../../../components/clouds/kubeadm/live";
import { inviteMachines } from "../../../components/clouds/kubeadm/live/invite";
import { onMachine, type Remote } from "../../../components/clouds/kubeadm/live/ssh";
import { forgetScript, joinScript, leaveScript } from "../../../components/clouds/kubeadm/machineScripts";
import { type ConnectionRecipe, connectionOf, parseStack, type StackSpec } from "../../../core/config";
import { type KubeClient, openKube, patchNode } from "../../../kube";
import { labKubeconfig } from "../../../lab";
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
    ...{ pool: "workers", generation: GREEN },
  });

  const lookAt = (asked: Parameters<typeof problemsOf>[1]) =>
    withKube(async kube => {
      const problems = await problemsOf(kube, asked, AbortSignal.timeout(60_000));
      return problems.map(({ code, path }) => `${code} ${path}`);
    });

  const look = (hosts: readonly string[], edit: Partial<ConnectionRecipe["ssh"]> = {}) => {
    const asked = asking(hosts);
    const ssh = { ...sshOf(asked.connection), ...edit };
    return lookAt({ ...asked, connection: { ...asked.connection, ssh } });
  };

  const whoAmI = (remote: Remote) => remote.run("echo here");

  it("pass when they are free, and nothing is left behind by the look", async () => {
    const before = machines.journal.length;
    expect(await look(["w3"])).toEqual([]);
    expect(machines.journal.slice(before)).toEqual([]);
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
    await inviteMachines(login(args.connection), [{ node: "w3", address: addressOf("w3") }]);
    await runOn("w3", joinScript(args, "w3"));
    await runOn("w3", joinScript(args, "w3"));
    expect(machines.journal.filter(line => line.startsWith("w3: kubeadm join"))).toHaveLength(2);
    expect(machines.journal.filter(line => line.startsWith("w3: kubeadm reset"))).toHaveLength(1);
    await runOn("w3", leaveScript(args));
    await runOn("w3", leaveScript(args));
    expect(machines.journal.filter(line => line.startsWith("w3: kubeadm reset"))).toHaveLength(2);
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
