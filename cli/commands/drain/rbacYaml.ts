import { stringify } from "yaml";
import { rbacObjects, type Subject } from "../../../core/drain/rbac";
import { ProblemError } from "../../../core/problem";
import { flagProblem } from "./flagValues";

/** The objects of `rbacObjects`, for `kubectl apply -f -`. */
export const describeRbac = (...wanted: Parameters<typeof rbacObjects>): string =>
  rbacObjects(...wanted)
    .map(object => stringify(object, { lineWidth: 0 }))
    .join("---\n");

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

/** Nobody named = the service account that is made for it. */
export const readSubjects = ({ user, group, serviceaccount }: RbacFlags): readonly Subject[] => {
  if (serviceaccount !== undefined) return [accountFrom(serviceaccount)];
  if (group !== undefined) return [{ kind: "Group", name: group }];
  return user === undefined ? [] : [{ kind: "User", name: user }];
};
