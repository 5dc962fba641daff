import type { Problem } from "../../core/problem";
import type { KubeClient } from "../../kube";
import type { Grant } from "../../core/drain/grants";

/** As many connections as the watches need afterwards anyway: opening one costs more than several small questions. */
const AT_ONCE = 12;

interface Question {
  readonly grant: Grant;
  readonly verb: string;
}

const questionOf = ({ grant, verb }: Question): object => {
  const [resource, subresource] = grant.resource.split("/");
  const [name] = grant.names ?? [];
  return {
    verb,
    group: grant.group,
    resource,
    ...(subresource === undefined ? {} : { subresource }),
    ...(grant.namespace === undefined ? {} : { namespace: grant.namespace }),
    ...(name === undefined ? {} : { name }),
  };
};

const mayDo = async (kube: KubeClient, question: Question, signal?: AbortSignal): Promise<boolean> => {
  const answer = await kube.request<{ readonly status?: { readonly allowed?: boolean } }>({
    method: "POST",
    path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
    body: {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectAccessReview",
      spec: { resourceAttributes: questionOf(question) },
    },
    repeatable: true,
    signal,
  });
  return answer.status?.allowed === true;
};

/** The verbs that this identity lacks, as the server's own authorizers judge it. */
export const missingOf = async (
  kube: KubeClient,
  grants: readonly Grant[],
  signal?: AbortSignal,
): Promise<readonly Question[]> => {
  const questions = grants.flatMap(grant => grant.verbs.map(verb => ({ grant, verb })));
  const missing: Question[] = [];
  for (let start = 0; start < questions.length; start += AT_ONCE) {
    const batch = questions.slice(start, start + AT_ONCE);
    const allowed = await Promise.all(batch.map(question => mayDo(kube, question, signal)));
    missing.push(...batch.filter((_, index) => allowed[index] !== true));
  }
  return missing;
};

const subjectFlag = (user: string | undefined): string => {
  const [, namespace, account] = /^system:serviceaccount:([^:]+):(.+)$/.exec(user ?? "") ?? [];
  if (namespace !== undefined && account !== undefined) return `--serviceaccount=${namespace}:${account}`;
  return `--user=${user ?? "YOU"}`;
};

const resourceName = ({ group, resource }: Grant): string =>
  group === "" ? resource : `${resource}.${group}`;

const scopeOf = ({ namespace, names = [] }: Grant): string =>
  [
    ...(names.length > 0 ? [`named ${names.join(", ")}`] : []),
    ...(namespace === undefined ? [] : [`in namespace ${namespace}`]),
  ]
    .map(part => ` ${part}`)
    .join("");

const byGrant = (missing: readonly Question[]): readonly (readonly [Grant, string])[] =>
  [...Map.groupBy(missing, ({ grant }) => grant)].map(([grant, questions]) => [
    grant,
    `${questions.map(({ verb }) => verb).join(", ")} ${resourceName(grant)}${scopeOf(grant)}`,
  ]);

export interface Granted {
  readonly problems: readonly Problem[];
  readonly warnings: readonly string[];
}

/** Who asks, and which flags make `changeover drain rbac` print all rights of this run. */
export interface Asking {
  readonly user?: string | undefined;
  readonly rbacFlags: readonly string[];
}

/** One problem, or where the rest can be done without it one warning, for each resource with all verbs missing there. */
export const reportMissing = (missing: readonly Question[], { user, rbacFlags }: Asking): Granted => {
  const who = user ?? "you";
  const all = byGrant(missing);
  const flags = [subjectFlag(user), ...rbacFlags].join(" ");
  return {
    problems: all
      .filter(([{ without }]) => without === undefined)
      .map(([grant, what]) => ({
        code: "Drain.Forbidden",
        path: resourceName(grant),
        message: `${who} may not ${what}`,
        fix: `let an administrator run: npx changeover drain rbac ${flags} | kubectl apply -f -`,
      })),
    warnings: all.flatMap(([{ without }, what]) =>
      without === undefined ? [] : [`${who} may not ${what}: ${without}`],
    ),
  };
};
