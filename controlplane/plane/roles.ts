export const ETCD = "etcd";
export const APISERVERS = ["kube-apiserver-a", "kube-apiserver-b"] as const;
export const BALANCER = "balancer";
export const CONTROLLER_MANAGER = "kube-controller-manager";
export const SCHEDULER = "kube-scheduler";

/** In the order in which they need each other. */
export const ROLES = [ETCD, ...APISERVERS, BALANCER, CONTROLLER_MANAGER, SCHEDULER] as const;
export type Role = (typeof ROLES)[number];
export type Apiserver = (typeof APISERVERS)[number];

/** Two, so that one answers while the other is rolled; one costs less and is away for seconds then. */
export type ApiserverCount = 1 | 2;

/** The roles of a control plane with so many apiservers. */
export const rolesWith = (count: ApiserverCount): readonly Role[] => {
  const absent: readonly Role[] = APISERVERS.slice(count);
  return ROLES.filter(role => !absent.includes(role));
};

export const isApiserver = (role: string): role is Apiserver =>
  (APISERVERS as readonly string[]).includes(role);
