import { isKubeError } from "../../../kube";
import { withLabKube } from "../../pools/converge";
import { defaultVersion, isAddOn, isListed } from "./addOnCatalogue";
import { applyAddOn, awaitRollout, removeAddOn } from "./addOnObjects";
import { ACCOUNT, type AwsContext, groupKey, mustAddOn, mustCluster, newUpdate } from "./context";
import { refuseBy } from "./rules";
import type { AddOnRecord, ClusterRecord, UpdateRecord } from "./state";

type Resolve = "NONE" | "OVERWRITE" | "PRESERVE";

export interface CreateAddOn {
  readonly addonName: string;
  readonly addonVersion?: string;
  readonly resolveConflicts?: Resolve;
  readonly serviceAccountRoleArn?: string;
  readonly configurationValues?: string;
  readonly tags?: Record<string, string>;
}

export type ChangeAddOn = Omit<CreateAddOn, "addonName" | "tags">;

export const describeAddOn = ({ region }: AwsContext, addOn: AddOnRecord): object => ({
  ...addOn.settings,
  addonName: addOn.name,
  clusterName: addOn.cluster,
  addonVersion: addOn.version,
  addonArn: `arn:aws:eks:${region}:${ACCOUNT}:addon/${addOn.cluster}/${addOn.name}/stand-in`,
  status: addOn.status,
  health: { issues: addOn.issues },
  tags: addOn.tags,
  createdAt: addOn.createdAt,
  modifiedAt: addOn.createdAt,
  owner: "aws",
  publisher: "stand-in",
});

const BUILT_IN = ["vpc-cni", "coredns", "kube-proxy"];

const checkVersion = (name: string, version: string, cluster: ClusterRecord): void => {
  if (!isAddOn(name))
    refuseBy("addOnListed", "InvalidParameterException", "Addon specified is not supported");
  if (!isListed(name, version, cluster.version))
    refuseBy("addOnListed", "InvalidParameterException", "Addon version specified is not supported");
};

const checkNew = (context: AwsContext, cluster: ClusterRecord, asked: CreateAddOn): void => {
  if (cluster.status !== "ACTIVE")
    refuseBy("clusterActive", "InvalidRequestException", `Cluster '${cluster.name}' is not in ACTIVE status`);
  if (context.state.addOns[groupKey(cluster.name, asked.addonName)] !== undefined)
    refuseBy("addOnExists", "ResourceInUseException", "Addon already exists.");
  if (asked.resolveConflicts === "PRESERVE")
    refuseBy(
      "addOnNoPreserve",
      "InvalidParameterException",
      "Resolve conflicts option preserve is not supported for operation CreateAddon",
    );
};

const settingsOf = ({
  serviceAccountRoleArn,
  configurationValues,
}: ChangeAddOn): AddOnRecord["settings"] => ({
  ...(serviceAccountRoleArn === undefined ? {} : { serviceAccountRoleArn }),
  ...(configurationValues === undefined ? {} : { configurationValues }),
});

export const createAddOn = (context: AwsContext, clusterName: string, asked: CreateAddOn): object => {
  const cluster = mustCluster(context, clusterName);
  checkNew(context, cluster, asked);
  const { addonName: name, addonVersion: version = defaultVersion(name, cluster.version) ?? "" } = asked;
  checkVersion(name, version, cluster);
  const addOn: AddOnRecord = {
    ...{ cluster: clusterName, name, version, settings: settingsOf(asked) },
    createdAt: Math.floor(Date.now() / 1000),
    status: "CREATING",
    tags: { ...asked.tags },
    issues: [],
    updates: [],
  };
  context.state.addOns[groupKey(clusterName, name)] = addOn;
  context.save();
  install(context, addOn, asked.resolveConflicts === "OVERWRITE");
  return { addon: describeAddOn(context, addOn) };
};

const CONFLICT =
  "Conflicts found when trying to apply. Will not continue due to resolve conflicts mode. Conflicts:";

/**
 * Software that a new cluster brought along is on record only: the stand-in makes no objects for it. AWS lets the same
 * version pass; here any conflicts.
 */
const checkBuiltIn = ({ state }: AwsContext, { cluster, name }: AddOnRecord): void => {
  const bootstrapped = state.clusters[cluster]?.settings["bootstrapSelfManagedAddons"] !== false;
  if (bootstrapped && BUILT_IN.includes(name))
    throw new Error(`${CONFLICT} self-managed ${name} of the new cluster [stand-in: addOnBuiltIn]`);
};

const conflictIn = (error: unknown): string =>
  isKubeError(error, "conflict") ? `${CONFLICT} ${error.message} [stand-in: addOnConflict]` : String(error);

const install = (context: AwsContext, addOn: AddOnRecord, force: boolean): void =>
  context.background.start(async signal => {
    try {
      if (!force) checkBuiltIn(context, addOn);
      await withLabKube(addOn.cluster, kube => applyAddOn(kube, addOn, force));
    } catch (error) {
      if (signal.aborted) return;
      addOn.status = "CREATE_FAILED";
      addOn.issues = [{ code: "ConfigurationConflict", message: conflictIn(error) }];
      context.save();
      return;
    }
    await becomeWell(context, addOn, signal);
  });

/** Also what a stand-in that was started again does with one it finds half-way. */
export const settle = (context: AwsContext, addOn: AddOnRecord): void => {
  if (addOn.status.endsWith("_FAILED")) return;
  context.background.start(signal => becomeWell(context, addOn, signal));
};

const degrade = (context: AwsContext, addOn: AddOnRecord, message: string): void => {
  const code = "InsufficientNumberOfReplicas";
  if (addOn.status === "UPDATING" || (addOn.status === "DEGRADED" && addOn.issues[0]?.message === message))
    return;
  addOn.status = "DEGRADED";
  addOn.issues = [{ code, message }];
  context.save();
};

const becomeWell = async (context: AwsContext, addOn: AddOnRecord, signal: AbortSignal): Promise<void> => {
  const short = (): void =>
    degrade(
      context,
      addOn,
      "The add-on is unhealthy because it doesn't have the desired number of replicas. [stand-in: addOnNeedsNodes]",
    );
  await withLabKube(addOn.cluster, kube => awaitRollout(kube, addOn, { signal, short }));
  try {
    context.failures.check("AddonHealth", addOn.name);
    addOn.status = "ACTIVE";
    addOn.issues = [];
  } catch (error) {
    addOn.status = "DEGRADED";
    addOn.issues = [{ code: "InternalFailure", message: (error as Error).message }];
  }
  context.save();
};

const cniMinor = (version: string): number => Number(version.split(".")[1]);

export const updateAddOn = (
  context: AwsContext,
  names: readonly [string, string],
  asked: ChangeAddOn,
): { update: UpdateRecord } => {
  const addOn = mustAddOn(context, ...names);
  const { addonVersion: version = addOn.version } = asked;
  if (addOn.status === "UPDATING" || addOn.status === "CREATING")
    refuseBy("oneUpdate", "ResourceInUseException", `Addon ${addOn.name} is currently ${addOn.status}`);
  checkVersion(addOn.name, version, mustCluster(context, names[0]));
  if (addOn.name === "vpc-cni" && Math.abs(cniMinor(version) - cniMinor(addOn.version)) > 1)
    refuseBy(
      "cniOneMinor",
      "InvalidParameterException",
      "Updating VPC-CNI can only go up or down 1 minor version at a time",
    );
  const update = newUpdate("AddonUpdate");
  addOn.updates.push(update);
  addOn.status = "UPDATING";
  context.save();
  roll(context, addOn, { ...asked, version, update });
  return { update };
};

type Roll = ChangeAddOn & { readonly version: string; readonly update: UpdateRecord };

const roll = (context: AwsContext, addOn: AddOnRecord, { version, update, ...asked }: Roll): void =>
  context.background.start(async signal => {
    try {
      const force = asked.resolveConflicts === "OVERWRITE";
      await withLabKube(addOn.cluster, kube => applyAddOn(kube, { name: addOn.name, version }, force));
      addOn.version = version;
      addOn.settings = { ...addOn.settings, ...settingsOf(asked) };
      await becomeWell(context, addOn, signal);
      update.status = "Successful";
    } catch (error) {
      if (signal.aborted) return;
      const preserved = isKubeError(error, "conflict") && asked.resolveConflicts === "PRESERVE";
      addOn.status = "UPDATE_FAILED";
      update.status = "Failed";
      update.errors.push({
        errorCode: "ConfigurationConflict",
        errorMessage: preserved
          ? "the stand-in does not cover values that others own and PRESERVE keeps"
          : conflictIn(error),
      });
    }
    context.save();
  });

export const deleteAddOn = (
  context: AwsContext,
  names: readonly [string, string],
  preserve: boolean,
): object => {
  const addOn = mustAddOn(context, ...names);
  addOn.status = "DELETING";
  context.save();
  context.background.start(async () => {
    if (!preserve) await withLabKube(addOn.cluster, kube => removeAddOn(kube, addOn.name));
    Reflect.deleteProperty(context.state.addOns, groupKey(addOn.cluster, addOn.name));
    context.save();
  });
  return { addon: describeAddOn(context, addOn) };
};
