import { randomBytes } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensureLab, labStatus } from "../../../lab";
import { withLabKube } from "../../../pools/converge";
import { listNodes } from "../../../../kube";
import { type Ended, notCovered, refuseBy, succeed } from "../rules";
import { etcdOf, writeManifests } from "../sandbox";
import type { Place } from "../state";
import { authorityHash } from "./authority";
import { join as joinCluster } from "./join";
import { installed, minorOf } from "./versions";

const mustControlPlane = ({ root }: Place): void => {
  if (!existsSync(join(root, "etc/kubernetes/admin.conf")))
    refuseBy(
      "controlPlaneOnly",
      1,
      "error: failed to load admin kubeconfig: open /etc/kubernetes/admin.conf",
    );
};

/** As k8s.io/kubernetes, cmd/kubeadm/app/phases/upgrade/policy.go and preflight. */
const checkUpgrade = async (place: Place, wanted: string): Promise<void> => {
  const { state, lab } = place.world;
  mustControlPlane(place);
  const own = installed(place, "kubeadm");
  if (minorOf(wanted) > minorOf(state.version) + 1)
    refuseBy(
      "oneMinor",
      1,
      `Specified version to upgrade to "v${wanted}" is too high; kubeadm can upgrade only 1 minor version at a time`,
    );
  if (minorOf(own) !== minorOf(wanted) || own.localeCompare(wanted, "en", { numeric: true }) < 0)
    refuseBy("kubeadmFirst", 1, `Kubeadm version v${own} can't be used to upgrade to v${wanted}`);
  const nodes = await withLabKube(lab, kube => listNodes(kube));
  const unready = nodes.filter(({ ready }) => !ready).map(({ name }) => name);
  if (unready.length > 0)
    refuseBy(
      "nodesReady",
      1,
      `[ERROR ControlPlaneNodesReady]: there are NotReady nodes in the cluster: ${unready.join(", ")}`,
    );
};

const apply = async (place: Place, wanted: string): Promise<Ended> => {
  const { world, root } = place;
  await checkUpgrade(place, wanted);
  world.failures.check("kubeadm upgrade apply", place.machine.name);
  await ensureLab({ name: world.lab, version: wanted }, { progress: () => undefined, signal: world.signal });
  writeManifests(root, wanted);
  world.state.version = wanted;
  world.save();
  return succeed(
    `[stand-in] [upgrade] SUCCESS! A control plane node of your cluster was upgraded to "v${wanted}".\n`,
  );
};

/** The lab's servers moved with the first machine: this one only writes down what it runs. */
const node = (place: Place): Ended => {
  const { world, root, machine } = place;
  const { version } = world.state;
  mustControlPlane(place);
  if (minorOf(installed(place, "kubeadm")) !== minorOf(version))
    refuseBy("applyFirst", 1, `this kubeadm can't upgrade a node of a cluster at v${version}`);
  world.failures.check("kubeadm upgrade node", machine.name);
  writeManifests(root, version);
  return succeed(
    "[stand-in] [upgrade] The control plane instance for this node was successfully upgraded!\n",
  );
};

const plan = async (place: Place, wanted: string): Promise<Ended> => {
  await checkUpgrade(place, wanted);
  const { version } = place.world.state;
  return succeed(
    `[stand-in] [upgrade/versions] Cluster version: ${version}\netcd ${place.machine.name} ${etcdOf(version)} ${etcdOf(wanted)}\n`,
  );
};

const upgrade = (place: Place, args: readonly string[]): Ended | Promise<Ended> => {
  const wanted = args.at(-1)?.replace(/^v/, "") ?? "";
  const asked = args.slice(0, -1).join(" ");
  if (asked === "plan") return plan(place, wanted);
  if (asked === "apply -y") return apply(place, wanted);
  return args.join(" ") === "node" ? node(place) : notCovered(`kubeadm upgrade ${args.join(" ")}`);
};

const LETTERS = "0123456789abcdefghijklmnopqrstuvwxyz";

const text = (length: number): string =>
  [...randomBytes(length)].map(byte => LETTERS[byte % LETTERS.length]).join("");

const CREATE = /^create --ttl (\d+)m --description .* --print-join-command$/;

/** https://kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-token/ */
const token = (place: Place, args: readonly string[]): Ended => {
  const { state, lab, save } = place.world;
  mustControlPlane(place);
  const [, minutes] = CREATE.exec(args.join(" ")) ?? notCovered(`kubeadm token ${args.join(" ")}`);
  const made = `${text(6)}.${text(16)}`;
  state.tokens[made] = Date.now() + Number(minutes) * 60_000;
  save();
  const endpoint = labStatus(lab).endpoint?.replace("https://", "") ?? "";
  return succeed(
    `kubeadm join ${endpoint} --token ${made} --discovery-token-ca-cert-hash ${authorityHash(lab)} \n`,
  );
};

/** The Node object stays, as with the real one. */
const reset = ({ root }: Place, args: readonly string[]): Ended => {
  if (args.join(" ") !== "-f") return notCovered(`kubeadm reset ${args.join(" ")}`);
  for (const path of ["kubelet.conf", "bootstrap-kubelet.conf", "admin.conf", "manifests"])
    rmSync(join(root, "etc/kubernetes", path), { recursive: true, force: true });
  return succeed("[stand-in] [reset] Deleting contents of directories\n");
};

const VERBS: Readonly<Record<string, (place: Place, args: readonly string[]) => Ended | Promise<Ended>>> = {
  upgrade,
  token,
  reset,
  join: joinCluster,
};

export const kubeadm = async (place: Place, [verb = "", ...args]: readonly string[]): Promise<Ended> => {
  installed(place, "kubeadm");
  return (VERBS[verb] ?? (() => notCovered(`kubeadm ${verb}`)))(place, args);
};
