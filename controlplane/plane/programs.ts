import { join } from "node:path";
import { ProblemError } from "../../core/problem";
import type { ProcessOrder } from "../process/launch";
import { ownEntry } from "../process/ownEntry";
import { ensureTool, type InstalledTool, type ToolId } from "../tools";
import { TOOL_IDS, toolLock } from "../tools/lock";
import {
  apiserverArgs,
  balancerArgs,
  controllerManagerArgs,
  etcdArgs,
  schedulerArgs,
  type CommandContext,
} from "./commandLines";
import { BALANCER, CONTROLLER_MANAGER, ETCD, isApiserver, SCHEDULER, type Role } from "./roles";
import type { ControlPlaneSpec, RunOptions } from "./spec";

export interface Programs {
  readonly kubernetes: InstalledTool;
  readonly etcd: InstalledTool;
}

const KUBERNETES = "kubernetes-";

/** Minors whose programs can be had here. */
export const runnableMinors = (): readonly string[] =>
  TOOL_IDS.filter(id => id.startsWith(KUBERNETES)).map(id => id.slice(KUBERNETES.length));

const unknownVersion = (found: string, allowed: readonly string[]): ProblemError =>
  new ProblemError("this control plane cannot run here", [
    {
      code: "ControlPlane.UnknownVersion",
      path: "version",
      message: `Kubernetes ${found} cannot be run here; there is ${allowed.join(" and ")}`,
      fix: `use one of ${allowed.join(", ")}`,
    },
  ]);

const isToolId = (text: string): text is ToolId => (TOOL_IDS as readonly string[]).includes(text);

const toolFor = (version: string): ToolId => {
  const id = KUBERNETES + version.split(".").slice(0, 2).join(".");
  if (!isToolId(id)) throw unknownVersion(version, runnableMinors());
  return id;
};

/** The one patch of a minor that can be had here; an exact version stays as it is, and is checked when it is used. */
export const exactVersion = (version: string): string =>
  version.split(".").length > 2 ? version : toolLock(toolFor(version)).version;

export const newestVersion = (): string => exactVersion(runnableMinors().at(-1) ?? "");

export const ensureEtcdTool = (options: RunOptions): Promise<InstalledTool> =>
  ensureTool("etcd-3.6", options);

/** The programs of exactly this version; no other patch is ever taken in its place. */
export const ensurePrograms = async (version: string, options: RunOptions): Promise<Programs> => {
  const [kubernetes, etcd] = await Promise.all([
    ensureTool(toolFor(version), options),
    ensureEtcdTool(options),
  ]);
  if (kubernetes.version !== version) throw unknownVersion(version, [kubernetes.version]);
  return { kubernetes, etcd };
};

const BALANCER_ENTRY = join(__dirname, "..", "balancer", "main");

const kubernetesOrder = (role: Role, context: CommandContext, programs: Programs): ProcessOrder => {
  const name = isApiserver(role) ? "kube-apiserver" : role;
  const argsOf = { [CONTROLLER_MANAGER]: controllerManagerArgs, [SCHEDULER]: schedulerArgs } as const;
  const args = isApiserver(role)
    ? apiserverArgs(context, role)
    : argsOf[role as keyof typeof argsOf](context);
  const note = {
    version: programs.kubernetes.version,
    ...(context.emulated && { emulated: context.emulated }),
  };
  const command = programs.kubernetes.bin(name);
  return {
    role,
    program: `${name}@${programs.kubernetes.version}`,
    command,
    args,
    port: context.ports[role],
    note,
  };
};

/** What should run under a role. */
export const orderFor = (role: Role, context: CommandContext, programs: Programs): ProcessOrder => {
  if (role === ETCD) {
    const { etcd } = programs;
    const args = etcdArgs(context);
    return {
      role,
      program: `etcd@${etcd.version}`,
      command: etcd.bin("etcd"),
      args,
      port: context.ports[role],
    };
  }
  if (role === BALANCER) {
    const entry = ownEntry(BALANCER_ENTRY);
    const args = [...entry.args, ...balancerArgs(context)];
    return { role, program: "balancer@1", command: entry.command, args, port: context.ports[role] };
  }
  return kubernetesOrder(role, context, programs);
};

export const contextOf = (
  dir: string,
  spec: ControlPlaneSpec,
  ports: CommandContext["ports"],
): CommandContext => ({
  dir,
  ports,
  ...(spec.emulated === undefined ? {} : { emulated: spec.emulated }),
});
