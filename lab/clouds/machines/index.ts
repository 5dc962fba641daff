import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { collectionPath, KINDS, type KubeClient, readConfigMap } from "../../../kube";
import { ensureLab } from "../../lab";
import { withLabKube } from "../../pools/converge";
import { openBackground } from "../background";
import { type Failures, planFailures } from "../fault";
import { serveApi } from "../http";
import { openAgent } from "./agent";
import { registerNode } from "./nodes";
import { runProgram } from "./programs";
import type { Ended } from "./rules";
import { furnish, placePrograms } from "./sandbox";
import { openSshd, type Sshd } from "./sshd";
import { type MachineRecord, type MachinesState, openState, rootOf, type World } from "./state";

/** Machines with real ssh servers on loopback, one cluster that kubeadm could have made, and an ssh agent. */
export interface StandInMachines {
  /** Node name → ssh address. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly knownHosts: string;
  /** For SSH_AUTH_SOCK. */
  readonly agent: string;
  readonly failures: Pick<Failures, "plan" | "clear">;
  readonly state: MachinesState;
  /** What programs were run, in order: "cp1: kubeadm upgrade apply -y v1.36.4". */
  readonly journal: readonly string[];
  /** Ends one machine's ssh server, as a machine that is switched off. */
  readonly switchOff: (name: string) => Promise<void>;
  /** Ends servers and agent. The lab behind stays until `destroyLab`. */
  readonly close: () => Promise<void>;
}

export interface StandInOptions {
  readonly folder: string;
  /** Name of the lab that is the cluster; it is made where it is not there. */
  readonly lab: string;
  /** Exact version that `kubeadm init` was run with. */
  readonly version: string;
  readonly controlPlanes: readonly string[];
  /** None: the control plane's machines carry workloads, their taint was taken away as the pages say for such a site. */
  readonly workers: readonly string[];
  /** Those of them that somebody joined by hand, with the cluster's own version. */
  readonly joined?: readonly string[];
}

const CONTAINERD = { version: "2.1.4", answers: true, running: true, systemdCgroup: true };

const born = ({ controlPlanes, workers, version, joined = [] }: StandInOptions): MachinesState => {
  const installed = `${version}-1.1`;
  const node = (name: string, controlPlane: boolean): MachineRecord => ({
    ...{ name, controlPlane, minors: [], held: ["kubeadm", "kubelet", "kubectl"], containerd: CONTAINERD },
    packages: { kubeadm: installed, kubelet: installed, kubectl: installed },
  });
  const blank = (name: string): MachineRecord => ({
    ...{ name, controlPlane: false, packages: {}, held: [], minors: [], containerd: CONTAINERD },
  });
  const records = [
    ...controlPlanes.map(name => node(name, true)),
    ...workers.map(name => (joined.includes(name) ? node(name, false) : blank(name))),
  ];
  return { version, tokens: {}, machines: Object.fromEntries(records.map(one => [one.name, one])) };
};

const CONTROL_PLANE = "node-role.kubernetes.io/control-plane";

const KUBELET_CONFIG =
  "apiVersion: kubelet.config.k8s.io/v1beta1\ncgroupDriver: systemd\nkind: KubeletConfiguration\n";

/** What each machine that joins is given, https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/kubeadm-reconfigure/. */
const ensureKubeletConfig = async (kube: KubeClient): Promise<void> => {
  const ref = { namespace: "kube-system", name: "kubelet-config" };
  if ((await readConfigMap(kube, ref)) === undefined)
    await kube.request({
      ...{ method: "POST", path: collectionPath(KINDS.configMaps, ref.namespace) },
      body: { metadata: ref, data: { kubelet: KUBELET_CONFIG } },
    });
};

/** As `kubeadm init`, `join --control-plane` and `join` leave a cluster. */
const initCluster = async (world: World): Promise<void> => {
  const { lab, state, signal } = world;
  await ensureLab({ name: lab, version: state.version }, { progress: () => undefined, signal });
  // https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/create-cluster-kubeadm/#control-plane-node-isolation
  const alone = Object.values(state.machines).every(({ controlPlane }) => controlPlane);
  for (const { name, controlPlane, packages } of Object.values(state.machines))
    if (packages.kubelet !== undefined)
      await registerNode(lab, {
        ...{ name, kubelet: packages.kubelet.split("-")[0] ?? "" },
        labels: controlPlane ? { [CONTROL_PLANE]: "" } : {},
        taints: controlPlane && !alone ? [{ key: CONTROL_PLANE, effect: "NoSchedule" }] : [],
      });
  await withLabKube(lab, kube => ensureKubeletConfig(kube));
};

interface Asked {
  readonly machine: string;
  readonly program: string;
  readonly args: readonly string[];
}

const answer = (world: World, { machine: name, program, args }: Asked): Promise<Ended> => {
  const machine = world.state.machines[name];
  if (machine === undefined) throw new Error(`there is no stand-in machine ${name}`);
  return runProgram({ world, machine, root: rootOf(world.folder, name) }, program, args);
};

/** Where the machines' programs ask what to do. */
const serveWorld = async (world: World, socket: string): Promise<() => Promise<void>> => {
  rmSync(socket, { force: true });
  const server = serveApi(async ({ body }) => ({
    ...{ status: 200, headers: {} },
    body: JSON.stringify(await answer(world, JSON.parse(body) as Asked)),
  }));
  await new Promise<void>(resolve => server.listen(socket, resolve));
  return () => new Promise(resolve => void server.close(() => resolve()));
};

const startMachines = async (
  { folder, state }: World,
  { socket, authorized }: { readonly socket: string; readonly authorized: string },
): Promise<ReadonlyMap<string, Sshd>> => {
  const running = new Map<string, Sshd>();
  for (const machine of Object.values(state.machines)) {
    furnish(folder, machine, state.version);
    placePrograms(folder, machine.name, socket);
    running.set(machine.name, await openSshd({ folder, machine: machine.name, authorized }));
  }
  return running;
};

/** A stand-in for machines of the user's own: what their programs do is done to a lab. */
export const startStandInMachines = async (options: StandInOptions): Promise<StandInMachines> => {
  const { folder, lab } = options;
  const failures = planFailures();
  const background = openBackground();
  const opened = openState(folder, born(options));
  const journal: string[] = [];
  const world: World = { ...opened, ...{ folder, lab, failures, journal }, signal: background.signal };
  await initCluster(world);
  const agent = await openAgent(folder);
  const socket = join(folder, "programs.sock");
  const closeWorld = await serveWorld(world, socket);
  const running = await startMachines(world, { socket, authorized: agent.publicKey });
  const knownHosts = join(folder, "known_hosts");
  writeFileSync(
    knownHosts,
    [...running.values()].map(({ port, hostKey }) => `[127.0.0.1]:${port} ${hostKey}\n`).join(""),
  );
  return {
    addresses: Object.fromEntries([...running].map(([name, { port }]) => [name, `127.0.0.1:${port}`])),
    ...{ knownHosts, failures, journal, agent: agent.socket, state: world.state },
    switchOff: async name => running.get(name)?.close(),
    close: async () => {
      await background.end();
      for (const machine of running.values()) await machine.close();
      await closeWorld();
      await agent.close();
    },
  };
};
