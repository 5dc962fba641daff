import { type CustomResourceOptions, type ResourceTransformation, runtime } from "@pulumi/pulumi";
import { DrainRole, type DrainRoleArgs } from "../../../components";
import { rbacObjects } from "../../../core/drain/rbac";

interface Registered {
  readonly type: string;
  readonly props: object;
  readonly opts: CustomResourceOptions;
}

beforeAll(() =>
  runtime.setMocks({
    call: () => ({}),
    newResource: ({ type, name }) => ({ id: `${type} ${name}`, state: {} }),
  }),
);

/** What the engine is asked to make, beside the component itself. */
const register = async (args?: DrainRoleArgs): Promise<readonly Registered[]> => {
  const made: Registered[] = [];
  const note: ResourceTransformation = ({ type, props, opts }) => {
    if (type.startsWith("kubernetes:")) made.push({ type, props, opts });
    return undefined;
  };
  const role = new DrainRole("drain", args, { transformations: [note] });
  await new Promise(resolve => role.urn.apply(resolve));
  return made;
};

describe("DrainRole", () => {
  it.each([
    ["for its own service account", undefined],
    ["for a group", { subjects: [{ kind: "Group", name: "platform" }] }],
    [
      "for several, with the ladder",
      {
        ladder: true,
        subjects: [
          { kind: "User", name: "ada" },
          { kind: "ServiceAccount", name: "drainer", namespace: "ops" },
        ],
      },
    ],
  ] as const)("makes what `changeover drain rbac` prints, %s", async (_who, args) => {
    const made = await register(args);
    const expected = rbacObjects(args?.subjects, { ladder: args !== undefined && "ladder" in args });
    expect(made.map(({ props }) => props)).toEqual(expected);
  });

  it("asks the Kubernetes provider for each kind by its token", async () => {
    expect((await register()).map(({ type }) => type)).toEqual([
      "kubernetes:core/v1:Namespace",
      "kubernetes:core/v1:ServiceAccount",
      "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole",
      "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding",
      "kubernetes:rbac.authorization.k8s.io/v1:Role",
      "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding",
    ]);
  });

  it("leaves the namespace with the records of upgrades behind, and nothing else", async () => {
    const retained = (await register())
      .filter(({ opts }) => opts.retainOnDelete === true)
      .map(({ type }) => type);
    expect(retained).toEqual(["kubernetes:core/v1:Namespace"]);
  });

  it("makes the namespace before what lies in it", async () => {
    const waits = (await register()).map(({ opts }) => [opts.dependsOn].flat().length);
    expect(waits).toEqual([0, 1, 1, 1, 1, 1]);
  });

  it("may delete nothing without the ladder", async () => {
    const deletes = async (ladder: boolean): Promise<boolean> =>
      JSON.stringify(await register({ ladder })).includes('"delete"');
    expect([await deletes(false), await deletes(true)]).toEqual([false, true]);
  });
});
