import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { mkdirSync } from "node:fs";
import { snapshot } from "../../../../controlplane";
import { planeDir } from "../../../home";
import { reportKubelet } from "../nodes";
import { type Ended, notCovered, ProgramFailed, succeed } from "../rules";
import type { Place } from "../state";
import { aptGet, aptMark, dpkgQuery } from "./apt";
import { kubeadm } from "./kubeadm";
import { kubectl } from "./kubectl";
import { installed } from "./versions";

type Program = (place: Place, args: readonly string[]) => Ended | Promise<Ended>;

/** A kubelet that starts again is what is installed by then. */
const systemctl: Program = async (place, args) => {
  const asked = args.join(" ");
  if (asked === "daemon-reload") return succeed();
  if (asked !== "restart kubelet") return notCovered(`systemctl ${asked}`);
  place.world.failures.check("systemctl restart", place.machine.name);
  await reportKubelet(place.world.lab, place.machine.name, installed(place, "kubelet"));
  return succeed();
};

const ETCD = "e7cd0000stand0in";

/** The one container it knows is etcd's, whose data is the lab's. */
const crictl: Program = async ({ machine, world }, args) => {
  const [verb] = args;
  if (verb === "ps") return succeed(machine.controlPlane ? `${ETCD}\n` : "");
  const file = args.at(-1) ?? "";
  const isSave = verb === "exec" && args[1] === ETCD && args.slice(-3, -1).join(" ") === "snapshot save";
  if (!isSave) return notCovered(`crictl ${args.join(" ")}`);
  mkdirSync(dirname(file), { recursive: true });
  rmSync(file, { force: true });
  await snapshot(planeDir(world.lab), file, { progress: () => undefined, signal: world.signal });
  return { code: 0, stdout: "", stderr: "[stand-in] Snapshot saved\n" };
};

const PROGRAMS: Readonly<Record<string, Program>> = {
  ...{ kubeadm, kubectl, systemctl, crictl },
  "apt-get": aptGet,
  "apt-mark": aptMark,
  "dpkg-query": dpkgQuery,
};

/** Acts as the program; what it refuses is how it ends. */
export const runProgram = async (place: Place, program: string, args: readonly string[]): Promise<Ended> => {
  place.world.journal.push(`${place.machine.name}: ${[program, ...args].join(" ")}`);
  try {
    return await (PROGRAMS[program] ?? (() => notCovered(program)))(place, args);
  } catch (error) {
    if (error instanceof ProgramFailed) return error.ended;
    return { code: 1, stdout: "", stderr: `${error instanceof Error ? error.message : String(error)}\n` };
  }
};
