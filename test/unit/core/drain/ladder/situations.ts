import type { PodFact } from "../../../../../core/drain/facts";
import { FORCE_DEFAULTS, type LadderWish } from "../../../../../core/drain/ladder/rules";
import type { Situation } from "../../../../../core/drain/ladder/situation";
import type { Stuck } from "../../../../../core/drain/ladder/stuck";
import type { Scaler, Target } from "../../../../../core/drain/ladder/target";
import { budget, pod } from "../../../../support/drainSimulator/builders";

export const NOW = 10_000_000;

/** A Deployment of three pods, all of them new and available, that nobody else cares for. */
export const target = (more: Partial<Target> = {}): Target => ({
  kind: "Deployment",
  namespace: "shop",
  name: "web",
  uid: "deploy-web",
  resourceVersion: "7",
  annotations: {},
  labels: {},
  replicas: 3,
  generation: 4,
  observedGeneration: 4,
  counts: { all: 3, updated: 3, ready: 3, available: 3 },
  overdue: false,
  paused: false,
  strategy: "RollingUpdate",
  maxSurge: 2,
  exclusiveClaims: [],
  scalers: [],
  ...more,
});

export const scaler = (kind: Scaler["kind"], more: Partial<Scaler> = {}): Scaler => ({
  kind,
  namespace: "shop",
  name: "web",
  uid: `scaler-${kind}`,
  resourceVersion: "3",
  annotations: {},
  labels: {},
  minimum: 2,
  maximum: 10,
  ...more,
});

export const old = (name: string, more: Partial<PodFact> = {}): PodFact =>
  pod(name, { createdAt: NOW - 3_600_000, ...more });

/** One Ready pod on blue that a PDB with minAvailable 3 of 3 holds. */
export const stuck = (more: Partial<Stuck> = {}): Stuck => ({
  key: "pdb:shop/web",
  budget: "PDB shop/web",
  fact: budget({ allowed: 0, needed: 3, expected: 3, healthy: 3, minAvailable: 3 }),
  code: "BLOCKED_BY_SPEC",
  since: NOW - 60_000,
  workload: "shop/Deployment/web",
  pods: [old("web-1")],
  siblings: [],
  ...more,
});

export const situation = (
  rungs: readonly LadderWish[],
  more: Partial<Situation> = {},
  how: "named" | "broad" = "broad",
): Situation => ({
  stuck: stuck(),
  target: target(),
  permission: new Map(rungs.map(rung => [rung, how])),
  force: FORCE_DEFAULTS,
  memory: { spent: new Set() },
  run: "run-1",
  now: NOW,
  ...more,
});
