import { rbacObjects, type RbacKind, type RbacObject, type Subject } from "../../core/drain/rbac";
import { TYPE } from "../names";
import * as pulumi from "../sdk";

/** Who gets the rights: a user, a group, or a service account with its namespace. */
export type DrainSubject = Subject;

export interface DrainRoleArgs {
  /**
   * Who gets the rights.
   *
   * @default the service account `changeover-system/changeover-drain`, which is made then
   */
  readonly subjects?: readonly DrainSubject[];
  /**
   * Add what the ladder for blocked workloads needs: changing Deployments and their autoscalers, and deleting pods.
   *
   * @default false
   */
  readonly ladder?: boolean;
  /**
   * Add the right to delete Node objects, for `--delete-empty-nodes`.
   *
   * @default false
   */
  readonly deleteEmptyNodes?: boolean;
}

/** As the Kubernetes provider names its resources. Written out, so that this package does not need its SDK. */
const TOKEN: Readonly<Record<RbacKind, string>> = {
  Namespace: "kubernetes:core/v1:Namespace",
  ServiceAccount: "kubernetes:core/v1:ServiceAccount",
  ClusterRole: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
  ClusterRoleBinding: "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
  Role: "kubernetes:rbac.authorization.k8s.io/v1:Role",
  RoleBinding: "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
};

class KubeObject extends pulumi.CustomResource {
  constructor(name: string, object: RbacObject, opts: pulumi.CustomResourceOptions) {
    super(TOKEN[object.kind], name, object, opts);
  }
}

/**
 * The least rights with which `changeover drain` works, from the table that its own check reads. One for a cluster: the
 * objects have fixed names. The namespace `changeover-system` stays when this is destroyed, because the records of
 * upgrades are in it.
 *
 * @example
 * ```ts
 * const cluster = new k8s.Provider("eu-1", { kubeconfig });
 * new DrainRole("drain", { subjects: [{ kind: "Group", name: "platform" }] }, { provider: cluster });
 * ```
 */
export class DrainRole extends pulumi.ComponentResource {
  /** @param opts give the cluster's `provider`; without one Pulumi takes the current kubeconfig. */
  constructor(name: string, args: DrainRoleArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super(TYPE.drainRole, name, args, opts);
    const homes: pulumi.Resource[] = [];
    for (const object of rbacObjects(args.subjects, args)) {
      const isHome = object.kind === "Namespace";
      const made = new KubeObject(name, object, {
        parent: this,
        dependsOn: [...homes],
        retainOnDelete: isHome,
      });
      if (isHome) homes.push(made);
    }
    this.registerOutputs({});
  }
}
