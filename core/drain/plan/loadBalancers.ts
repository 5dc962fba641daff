import { indexSelectors } from "../selectorIndex";
import { fullName } from "../world";
import type { PlanPod, ServiceFact } from "./planFacts";

/** A load balancer that sends to the pods' own addresses, so that it must hear of each pod's end in time. */
interface IpTargets {
  /** Begin of the readiness gate's condition type by which it says that a pod is known to it. */
  readonly gate: string;
  readonly balancer: string;
  /** How long it goes on sending to a pod that is going; absent = not known. */
  readonly delaySeconds?: number;
}

const AWS = "service.beta.kubernetes.io/aws-load-balancer";
const AWS_DEFAULT_DELAY = 300;

const awsDelay = (attributes: string | undefined): number => {
  const found = /deregistration_delay\.timeout_seconds=(\d+)/.exec(attributes ?? "");
  return found === null ? AWS_DEFAULT_DELAY : Number(found[1]);
};

const aws = ({ type, annotations }: ServiceFact): IpTargets | undefined => {
  const targets =
    annotations[`${AWS}-nlb-target-type`] ?? annotations["alb.ingress.kubernetes.io/target-type"];
  const byIp = targets === "ip" || annotations[`${AWS}-type`] === "nlb-ip";
  if (!byIp || type === "ExternalName") return undefined;
  const attributes =
    annotations[`${AWS}-target-group-attributes`] ??
    annotations["alb.ingress.kubernetes.io/target-group-attributes"];
  return { gate: "target-health.", balancer: "AWS load balancer", delaySeconds: awsDelay(attributes) };
};

const google = ({ annotations }: ServiceFact): IpTargets | undefined =>
  annotations["cloud.google.com/neg"] === undefined
    ? undefined
    : { gate: "cloud.google.com/load-balancer-neg-ready", balancer: "Google network endpoint group" };

const targetsOf = (service: ServiceFact): IpTargets | undefined => aws(service) ?? google(service);

export interface UnsafeBackend {
  readonly service: string;
  readonly pod: PlanPod;
  readonly message: string;
}

/** The grace period holds the preStop hook's time as well: it is all the time a pod has. */
const dangerOf = (pod: PlanPod, { gate, balancer, delaySeconds }: IpTargets): string | undefined => {
  if (!pod.readinessGates.some(name => name.startsWith(gate)))
    return `no readiness gate of the ${balancer}: the next pod may go before this one's successor is known to it`;
  return delaySeconds !== undefined && pod.graceSeconds < delaySeconds
    ? `they end within ${pod.graceSeconds} s while the ${balancer} sends to them for ${delaySeconds} s`
    : undefined;
};

/** Pods that would lose requests when they move, because their load balancer hears of it too late. */
export const unsafeBackends = (
  services: readonly ServiceFact[],
  pods: readonly PlanPod[],
): readonly UnsafeBackend[] => {
  const direct = services.flatMap(service => {
    const targets = targetsOf(service);
    const selects = Object.keys(service.selector).length > 0;
    return targets === undefined || !selects ? [] : [{ service, targets }];
  });
  const index = indexSelectors(direct, ({ service }) => ({
    namespace: service.namespace,
    selector: { matchLabels: service.selector },
  }));
  return pods.flatMap(pod =>
    index.of(pod).flatMap(({ service, targets }) => {
      const message = dangerOf(pod, targets);
      return message === undefined ? [] : [{ service: fullName(service), pod, message }];
    }),
  );
};
