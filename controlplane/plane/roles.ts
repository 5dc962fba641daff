export const ETCD = "etcd";
export const APISERVERS = ["kube-apiserver-a", "kube-apiserver-b"] as const;
export const BALANCER = "balancer";
export const CONTROLLER_MANAGER = "kube-controller-manager";
export const SCHEDULER = "kube-scheduler";

/** In the order in which they need each other. */
export const ROLES = [ETCD, ...APISERVERS, BALANCER, CONTROLLER_MANAGER, SCHEDULER] as const;
export type Role = (typeof ROLES)[number];
export type Apiserver = (typeof APISERVERS)[number];

export const isApiserver = (role: string): role is Apiserver =>
  (APISERVERS as readonly string[]).includes(role);
