import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { describeRbac, readSubjects } from "../../../../cli/commands/drain/rbacYaml";
import { DRAIN_GRANTS, grantsFor } from "../../../../core/drain/grants";
import { LADDER_WISHES } from "../../../../core/drain/ladder/rules";
import { KINDS } from "../../../../kube";

interface KubeObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly rules?: readonly { readonly resources: readonly string[]; readonly verbs: readonly string[] }[];
  readonly subjects?: readonly object[];
}

const objects = (yaml: string): readonly KubeObject[] =>
  parseAllDocuments(yaml).map(document => document.toJS() as KubeObject);

it("is shipped as it is printed", () => {
  const shipped = readFileSync(join(__dirname, "../../../../docs/reference/drain-rbac.yaml"), "utf8");
  expect(shipped).toBe(describeRbac());
});

it("makes the namespace, then the rights cluster-wide and inside it", () => {
  expect(objects(describeRbac()).map(({ kind, metadata }) => [kind, metadata.namespace])).toEqual([
    ["Namespace", undefined],
    ["ServiceAccount", "changeover-system"],
    ["ClusterRole", undefined],
    ["ClusterRoleBinding", undefined],
    ["Role", "changeover-system"],
    ["RoleBinding", "changeover-system"],
  ]);
});

it.each([
  ["a plain run", {}, {}],
  ["a run with the ladder", { ladder: true }, { ladder: LADDER_WISHES }],
  ["a run that may give nodes up", { deleteEmptyNodes: true }, { deleteEmptyNodes: true }],
])("grants what the check before %s asks for, no more and no less", (_, flags, extras) => {
  const granted = objects(describeRbac([], flags)).flatMap(({ rules = [] }) =>
    rules.flatMap(({ resources, verbs }) => verbs.map(verb => `${verb} ${resources.join()}`)),
  );
  const asked = grantsFor(extras).flatMap(({ resource, verbs }) => verbs.map(verb => `${verb} ${resource}`));
  expect([...granted].sort()).toEqual([...asked].sort());
});

it("grants the list of every kind that a drain reads", () => {
  const folder = join(__dirname, "../../../../operations/drain");
  const text = readdirSync(folder, { withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(({ name }) => readFileSync(join(folder, name), "utf8"))
    .join("\n");
  const read = new Set(
    [...text.matchAll(/\bKINDS\.(\w+)/g)].map(([, key]) => KINDS[key as keyof typeof KINDS]),
  );
  const listed = new Set(
    DRAIN_GRANTS.flatMap(({ group, resource, verbs }) =>
      verbs.includes("list") ? [`${group}/${resource}`] : [],
    ),
  );
  const names = [...read].map(({ group, plural }) => `${group}/${plural}`);
  expect(names.filter(name => !listed.has(name))).toEqual([]);
  expect(names).toContain("/pods");
});

it("grants what the ladder needs only when it is asked for", () => {
  const deletes = (yaml: string): number =>
    objects(yaml).filter(({ rules = [] }) => rules.some(({ verbs }) => verbs.includes("delete"))).length;
  expect(deletes(describeRbac())).toBe(0);
  expect(deletes(describeRbac([], { ladder: true }))).toBe(1);
  expect(deletes(describeRbac([], { deleteEmptyNodes: true }))).toBe(1);
});

it("allows nothing by a star, and no deleting", () => {
  const words = DRAIN_GRANTS.flatMap(({ group, resource, verbs }) => [group, resource, ...verbs]);
  expect(words).not.toContain("*");
  expect(words.filter(word => word.startsWith("delete"))).toEqual([]);
});

it.each([
  [{ user: "ada" }, { kind: "User", name: "ada", apiGroup: "rbac.authorization.k8s.io" }],
  [{ group: "ops" }, { kind: "Group", name: "ops", apiGroup: "rbac.authorization.k8s.io" }],
  [{ serviceaccount: "ops:drainer" }, { kind: "ServiceAccount", name: "drainer", namespace: "ops" }],
])("binds them to %j", (flags, subject) => {
  const made = objects(describeRbac(readSubjects(flags)));
  expect(made.flatMap(({ subjects = [] }) => subjects)).toEqual([subject, subject]);
  expect(made.map(({ kind }) => kind)).not.toContain("ServiceAccount");
});

it("refuses a service account without its namespace", () => {
  expect(() => readSubjects({ serviceaccount: "drainer" })).toThrow(/--serviceaccount: found "drainer"/);
});
