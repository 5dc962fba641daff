import { stringify } from "yaml";
import { LADDER_WISHES } from "../../../core/drain/ladder/rules";
import { NAMES } from "../../../core/identity/names";
import { ProblemError } from "../../../core/problem";
import { type Grant, grantsFor } from "../../../operations/drain/grants";
import { flagProblem } from "./flagValues";

/** Who gets the rights. */
export interface Subject {
  readonly kind: "User" | "Group" | "ServiceAccount";
  readonly name: string;
  readonly namespace?: string;
}

const NAME = "changeover-drain";
const RBAC = "rbac.authorization.k8s.io";

export const DEFAULT_SUBJECT: Subject = { kind: "ServiceAccount", name: NAME, namespace: NAMES.namespace };

const ruleOf = ({ group, resource, verbs, names }: Grant): object => ({
  apiGroups: [group],
  resources: [resource],
  ...(names === undefined ? {} : { resourceNames: [...names] }),
  verbs: [...verbs],
});

const subjectOf = ({ kind, name, namespace }: Subject): object =>
  kind === "ServiceAccount" ? { kind, name, namespace } : { kind, name, apiGroup: RBAC };

const makeRole = (kind: string, grants: readonly Grant[], metadata: object): object => ({
  apiVersion: `${RBAC}/v1`,
  kind,
  metadata,
  rules: grants.map(ruleOf),
});

const makeBinding = (
  kind: string,
  role: string,
  { subject, metadata }: { subject: Subject; metadata: object },
): object => ({
  apiVersion: `${RBAC}/v1`,
  kind,
  metadata,
  roleRef: { apiGroup: RBAC, kind: role, name: NAME },
  subjects: [subjectOf(subject)],
});

const accountOf = (subject: Subject): readonly object[] =>
  subject === DEFAULT_SUBJECT
    ? [{ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: NAME, namespace: NAMES.namespace } }]
    : [];

/** Rights that only some flags of a drain need. */
export interface MoreRights {
  readonly ladder?: boolean;
  readonly deleteEmptyNodes?: boolean;
}

/** The least rights with which `changeover drain` works, as objects for `kubectl apply -f -`. */
export const describeRbac = (
  subject: Subject,
  { ladder = false, deleteEmptyNodes = false }: MoreRights = {},
): string => {
  const grants = grantsFor({ ladder: ladder ? LADDER_WISHES : [], deleteEmptyNodes });
  const wide = { name: NAME };
  const ours = { name: NAME, namespace: NAMES.namespace };
  const objects = [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: NAMES.namespace } },
    ...accountOf(subject),
    makeRole(
      "ClusterRole",
      grants.filter(({ namespace }) => namespace === undefined),
      wide,
    ),
    makeBinding("ClusterRoleBinding", "ClusterRole", { subject, metadata: wide }),
    makeRole(
      "Role",
      grants.filter(({ namespace }) => namespace !== undefined),
      ours,
    ),
    makeBinding("RoleBinding", "Role", { subject, metadata: ours }),
  ];
  return objects.map(object => stringify(object, { lineWidth: 0 })).join("---\n");
};

/** Of these one, or none. */
export interface RbacFlags {
  readonly user?: string;
  readonly group?: string;
  readonly serviceaccount?: string;
}

const accountFrom = (text: string): Subject => {
  const [, namespace, name] = /^([^:]+):([^:]+)$/.exec(text) ?? [];
  if (namespace !== undefined && name !== undefined) return { kind: "ServiceAccount", name, namespace };
  throw new ProblemError("nothing printed", [
    flagProblem(
      "--serviceaccount",
      `found "${text}"; allowed is namespace:name`,
      "write it like --serviceaccount=ops:drainer",
    ),
  ]);
};

export const readSubject = ({ user, group, serviceaccount }: RbacFlags): Subject => {
  if (serviceaccount !== undefined) return accountFrom(serviceaccount);
  if (group !== undefined) return { kind: "Group", name: group };
  return user === undefined ? DEFAULT_SUBJECT : { kind: "User", name: user };
};
