import { NAMES } from "../identity/names";
import { type Grant, grantsFor } from "./grants";
import { LADDER_WISHES } from "./ladder/rules";

/** Who gets the rights. A service account needs its namespace, the others have none. */
export interface Subject {
  readonly kind: "User" | "Group" | "ServiceAccount";
  readonly name: string;
  readonly namespace?: string;
}

export type RbacKind =
  "Namespace" | "ServiceAccount" | "ClusterRole" | "ClusterRoleBinding" | "Role" | "RoleBinding";

/** A Kubernetes object, as it is written in YAML. */
export interface RbacObject extends Readonly<Record<string, unknown>> {
  readonly apiVersion: string;
  readonly kind: RbacKind;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

const NAME = "changeover-drain";
const RBAC = "rbac.authorization.k8s.io";

/** Made with the rights where nobody else is named. */
export const DEFAULT_SUBJECT: Subject = { kind: "ServiceAccount", name: NAME, namespace: NAMES.namespace };

const ruleOf = ({ group, resource, verbs, names }: Grant): object => ({
  apiGroups: [group],
  resources: [resource],
  ...(names === undefined ? {} : { resourceNames: [...names] }),
  verbs: [...verbs],
});

const subjectOf = ({ kind, name, namespace }: Subject): object =>
  kind === "ServiceAccount" ? { kind, name, namespace } : { kind, name, apiGroup: RBAC };

const roleOf = (
  kind: "ClusterRole" | "Role",
  metadata: RbacObject["metadata"],
  grants: readonly Grant[],
): RbacObject => ({ apiVersion: `${RBAC}/v1`, kind, metadata, rules: grants.map(ruleOf) });

const bindingOf = (
  role: "ClusterRole" | "Role",
  metadata: RbacObject["metadata"],
  subjects: readonly Subject[],
): RbacObject => ({
  apiVersion: `${RBAC}/v1`,
  kind: `${role}Binding`,
  metadata,
  roleRef: { apiGroup: RBAC, kind: role, name: NAME },
  subjects: subjects.map(subjectOf),
});

const ACCOUNT: RbacObject = {
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { name: NAME, namespace: NAMES.namespace },
};

/** Rights that only some flags of a drain need. */
export interface MoreRights {
  readonly ladder?: boolean | undefined;
  readonly deleteEmptyNodes?: boolean | undefined;
}

/** The least rights with which `changeover drain` works, in the order in which they can be applied. */
export const rbacObjects = (
  subjects: readonly Subject[] = [],
  { ladder = false, deleteEmptyNodes = false }: MoreRights = {},
): readonly RbacObject[] => {
  const grants = grantsFor({ ladder: ladder ? LADDER_WISHES : [], deleteEmptyNodes });
  const bound = subjects.length === 0 ? [DEFAULT_SUBJECT] : subjects;
  const wide = { name: NAME };
  const ours = { name: NAME, namespace: NAMES.namespace };
  const wideGrants = grants.filter(({ namespace }) => namespace === undefined);
  const ourGrants = grants.filter(({ namespace }) => namespace !== undefined);
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMES.namespace } },
    ...(subjects.length === 0 ? [ACCOUNT] : []),
    roleOf("ClusterRole", wide, wideGrants),
    bindingOf("ClusterRole", wide, bound),
    roleOf("Role", ours, ourGrants),
    bindingOf("Role", ours, bound),
  ];
};
