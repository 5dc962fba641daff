import * as pulumi from "../sdk";
import { type ClusterSpec, ownAddOns, soakOf } from "../../core/config";
import type { Cloud } from "../clouds/contract";
import { backup } from "../gates/backup/resource";
import { healthGate } from "../gates/healthGate/resource";
import { upgradeGate } from "../gates/upgradeGate/resource";
import { versionRecord } from "../gates/versionRecord/resource";
import type { ClusterPlan } from "./clusterPlan";
import { durationOf } from "./duration";

export interface ControlPlaneChain {
  readonly controlPlane: pulumi.Resource;
  /** Nothing of the pools changes before this one. */
  readonly healthy: pulumi.Resource;
}

/** The control plane between its gates: refuse → save → move → record what was reached → see that it is well. */
export const openControlPlane = (
  parent: pulumi.Resource,
  plan: ClusterPlan,
  cloud: Cloud,
): ControlPlaneChain => {
  const checked = openUpgradeGate(parent, plan);
  const saved = openBackup(parent, plan, [checked]);
  const controlPlane = cloud.resources.controlPlane(
    {
      cluster: plan.spec.cluster,
      connection: plan.connection,
      addOns: ownAddOns(plan.spec.addOns),
    },
    { parent, dependsOn: [saved] },
  );
  const recorded = openVersionRecord(parent, plan, [controlPlane]);
  const administrators = openAdministrators({ parent, plan, cloud, controlPlane });
  return { controlPlane, healthy: openHealthGate(parent, plan, [recorded, ...administrators]) };
};

interface MadePlane {
  readonly parent: pulumi.Resource;
  readonly plan: ClusterPlan;
  readonly cloud: Cloud;
  readonly controlPlane: pulumi.Resource;
}

/** All of the pools depends on them: an interlock that lets a generation go still gets in by the entry that goes in the same run. */
const openAdministrators = ({ parent, plan, cloud, controlPlane }: MadePlane): readonly pulumi.Resource[] =>
  cloud.resources.administrators?.(plan.spec.cluster, {
    parent,
    dependsOn: [controlPlane],
    deletedWith: controlPlane,
  }) ?? [];

/** Named by no cluster, so that it meets an edit of the cluster's name: to the engine that is another cluster. */
const openUpgradeGate = (parent: pulumi.Resource, plan: ClusterPlan): pulumi.Resource =>
  upgradeGate(
    "cluster",
    {
      connection: plan.connection,
      desired: plan.desired,
      seconds: durationOf(plan.spec),
      stack: `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`,
    },
    { parent, aliases: [{ name: plan.spec.cluster.name }] },
  );

const openBackup = (
  parent: pulumi.Resource,
  plan: ClusterPlan,
  dependsOn: pulumi.Resource[],
): pulumi.Resource =>
  backup(
    plan.spec.cluster.name,
    {
      connection: plan.connection,
      cluster: plan.spec.cluster.name,
      kind: plan.spec.backup.kind,
      maxAgeSeconds: plan.spec.backup.maxAgeSeconds,
      proveRestore: plan.spec.backup.proveRestore,
      transition: plan.transition,
    },
    { parent, dependsOn },
  );

const openVersionRecord = (
  parent: pulumi.Resource,
  plan: ClusterPlan,
  dependsOn: pulumi.Resource[],
): pulumi.Resource =>
  versionRecord(
    plan.spec.cluster.name,
    {
      connection: plan.connection,
      cluster: plan.spec.cluster.name,
      version: plan.spec.cluster.version,
      stage: plan.spec.cluster.stage,
      kubeletMayTrail: plan.desired.kubeletMayTrail,
      ...takesBack(plan.desired),
      ...soaks(plan.spec.cluster),
      pools: plan.spec.pools.map(({ name, version }) => ({ name, version })),
    },
    { parent, dependsOn },
  );

/** Said only where a cloud takes an upgrade back: elsewhere nothing of it is in anybody's state. */
const takesBack = ({
  controlPlaneBack: back,
}: ClusterPlan["desired"]): { readonly backWithinDays?: number } =>
  typeof back === "string" ? {} : { backWithinDays: back.withinDays };

const soaks = ({ stage, gke }: ClusterSpec): { readonly soakSeconds?: number } =>
  stage === "final" || gke === undefined ? {} : { soakSeconds: soakOf(gke) };

const openHealthGate = (
  parent: pulumi.Resource,
  plan: ClusterPlan,
  dependsOn: pulumi.Resource[],
): pulumi.Resource =>
  healthGate(
    plan.spec.cluster.name,
    {
      connection: plan.connection,
      cluster: plan.spec.cluster.name,
      maxNotReadyNodes: plan.spec.health.maxNotReadyNodes,
      timeoutSeconds: plan.spec.health.timeoutSeconds,
      ...awaitsWorkloads(plan),
      transition: plan.transition,
    },
    { parent, dependsOn },
  );

/** Where somebody accepts that they are away; elsewhere each pool's Validation sees to them. */
const awaitsWorkloads = ({ spec }: ClusterPlan): { readonly workloads?: true } =>
  spec.cluster.kubeadm?.acceptedOutage === undefined ? {} : { workloads: true };
