import { isKubeError, KINDS, type KubeClient, nodePath, patchNode, projectService } from "../../kube";
import { planLeave } from "./fence";
import { listIfAllowed } from "./places";

export interface BalancerPorts {
  readonly kube: KubeClient;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

const WHY_NOT = {
  unread: "Services could not be read",
  none: "no Service of type LoadBalancer sends to every node (externalTrafficPolicy Cluster)",
} as const;

/** True when some load balancer sends to every node, so that an empty one has to leave it. `asked`: the user cares. */
export const usesNodes = async ({ kube, log, signal }: BalancerPorts, asked: boolean): Promise<boolean> => {
  const services = await listIfAllowed(kube, { kind: KINDS.services, project: projectService }, signal);
  const found = services?.some(
    ({ type, trafficPolicy }) => type === "LoadBalancer" && trafficPolicy === "Cluster",
  );
  if (found === true) return true;
  const why = services === undefined ? WHY_NOT.unread : WHY_NOT.none;
  if (asked) log(`empty nodes leave no load balancers: ${why}`);
  return false;
};

export const leaveBalancers = async (
  { kube, log }: Pick<BalancerPorts, "kube" | "log">,
  name: string,
  now: number,
): Promise<void> => {
  const fate = await patchNode(kube, name, node => planLeave(node, now));
  if (fate === "changed") log(`node/${name} is empty and leaves external load balancers`);
};

/** A node that came again under the same name is left alone. */
export const deleteNodeObject = async (
  { kube, log }: Pick<BalancerPorts, "kube" | "log">,
  name: string,
  uid: string,
): Promise<void> => {
  try {
    const body = { apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid } };
    await kube.request({ method: "DELETE", path: nodePath(name), body });
    log(
      `node/${name} is given up: its object is deleted, because pods stay Pending while it counts in their spread`,
    );
  } catch (error) {
    if (!isKubeError(error, "notFound", "conflict")) throw error;
  }
};
