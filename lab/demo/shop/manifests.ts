import {
  onVirtualNodes,
  sharedBudget,
  autoscaler,
  budget,
  cronJob,
  daemonSet,
  deployment,
  job,
  service,
  SHOP,
  statefulSet,
  withDevice,
} from "./pieces";
import type { Manifest, Pace } from "./pieces";

const QUICK: Pace = { start: "800ms", ready: "400ms", stop: "1s" };
const STEADY: Pace = { start: "800ms", ready: "700ms", stop: "1s" };
const SLOW: Pace = { start: "1s", ready: "1500ms", stop: "1500ms" };

/**
 * A shop of about seventy pods. Each workload stands for a way in which upgrades go wrong: a budget that lets one pod go
 * at a time, one that is a share, none at all, state, a pod that is alone, work that must not be lost.
 */
export const SHOP_MANIFESTS: readonly Manifest[] = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: SHOP } },
  // Budgets first: nothing of the shop is ever without its own.
  budget("frontend", { maxUnavailable: "25%" }),
  budget("catalog", { minAvailable: "50%" }),
  budget("cart", { minAvailable: 5 }),
  budget("checkout", { maxUnavailable: 1 }),
  budget("recommendations", { maxUnavailable: 2 }),
  budget("orders", { maxUnavailable: 1 }),
  deployment({ name: "frontend", replicas: 12, pace: QUICK }),
  deployment({ name: "catalog", replicas: 8, pace: QUICK }),
  deployment({ name: "cart", replicas: 6, pace: STEADY }),
  deployment({ name: "checkout", replicas: 4, pace: STEADY }),
  deployment({ name: "recommendations", replicas: 8, pace: QUICK }),
  autoscaler("recommendations", { min: 8, max: 16 }),
  // Nobody wrote a budget for these: the engine keeps a synthetic one.
  deployment({ name: "search", replicas: 8, pace: STEADY }),
  statefulSet({ name: "sessions", replicas: 3, pace: STEADY }),
  deployment({ name: "mailer", replicas: 1, pace: QUICK }),
  statefulSet({ name: "orders", replicas: 3, pace: SLOW }),
  ...["frontend", "catalog", "cart", "checkout", "recommendations", "search", "sessions", "orders"].map(
    service,
  ),
  daemonSet("node-agent", QUICK),
  job({ name: "import", duration: "10m" }),
  cronJob({ name: "report", duration: "5s" }, "* * * * *"),
];

/** What fits on one small node: a service of three behind a budget, and one alone whose budget allows no moment without it. */
export const CORNER_MANIFESTS: readonly Manifest[] = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: SHOP } },
  budget("counter", { maxUnavailable: 1 }),
  deployment({ name: "counter", replicas: 3, pace: QUICK }),
  deployment({ name: "mailer", replicas: 1, pace: QUICK }),
  service("counter"),
  daemonSet("node-agent", QUICK),
];

/** A GPU for each pod: three of them on four nodes, one of which may be away at a time. */
export const GPU_MANIFESTS: readonly Manifest[] = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: SHOP } },
  budget("inference", { maxUnavailable: 1 }),
  deployment({
    name: "inference",
    replicas: 3,
    pace: STEADY,
    extra: withDevice("inference", "nvidia.com/gpu"),
  }),
  daemonSet("device-plugin", QUICK),
];

/** Three pods on machines, three that only a virtual node takes, and one budget over all of them: five must be ready. */
export const BURST_MANIFESTS: readonly Manifest[] = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: SHOP } },
  sharedBudget("web", ["web", "web-burst"], { minAvailable: 5 }),
  deployment({ name: "web", replicas: 3, pace: STEADY }),
  deployment({ name: "web-burst", replicas: 3, pace: STEADY, extra: onVirtualNodes }),
];
