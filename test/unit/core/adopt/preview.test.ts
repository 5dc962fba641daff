import { judgePreview } from "../../../../core/adopt/preview";

const urn = (type: string, name: string): string => `urn:pulumi:prod::changeover::${type}::${name}`;
const CLUSTER = urn("changeover:index:UpgradableCluster$aws:eks/cluster:Cluster", "eu");
const GROUP = urn("a$b$aws:eks/nodeGroup:NodeGroup", "workers-1-35-abcdef");
const GATE = urn("x$pulumi-nodejs:dynamic/changeover:Interlock", "workers-1-35-abcdef");
const EXPECTED = { imports: ["eu", "workers-1-35-abcdef"], looks: [] };
const PROOF = [
  { op: "create", urn: urn("pulumi:pulumi:Stack", "changeover-prod") },
  { op: "create", urn: urn("pulumi:providers:aws", "eu") },
  { op: "create", urn: GATE },
  { op: "import", urn: CLUSTER },
  { op: "import", urn: GROUP },
];

const codes = (steps: Parameters<typeof judgePreview>[0]): readonly string[] =>
  judgePreview(steps, EXPECTED).map(({ code, path }) => `${code} ${path}`);

describe("what a preview proves of an adoption", () => {
  it("imports beside new gates are a proof; so is what is in the state already", () => {
    expect(codes(PROOF)).toEqual([]);
    expect(codes(PROOF.map(step => ({ ...step, op: "same" })))).toEqual([]);
  });

  it.each(["create", "update", "replace", "create-replacement", "delete-replaced", "delete"])(
    "%s of something at the cloud is none",
    op => {
      expect(codes([...PROOF, { op, urn: GROUP }])).toEqual(["Adopt.PreviewChanges workers-1-35-abcdef"]);
    },
  );

  it.each(["delete", "replace"])("%s of a gate is none", op => {
    expect(codes([...PROOF, { op, urn: GATE }])).toEqual(["Adopt.PreviewChanges workers-1-35-abcdef"]);
  });

  it("an add-on that is to be taken over is imported, too", () => {
    const addOn = { op: "import", urn: urn("a$b$aws:eks/addon:Addon", "coredns") };
    const expected = { ...EXPECTED, imports: [...EXPECTED.imports, "coredns"] };
    expect(judgePreview([...PROOF, addOn], expected)).toEqual([]);
    expect(judgePreview(PROOF, expected)).toMatchObject([{ code: "Adopt.NotImported", path: "coredns" }]);
  });

  it("Commands that look at a machine are made beside gates; others, and changes of these, are no proof", () => {
    const command = (name: string) => urn("x$command:remote:Command", name);
    const expected = { imports: [], looks: ["eu-cp1", "workers-1-35-abcdef-w1"] };
    const looked = expected.looks.map(name => ({ op: "create", urn: command(name) }));
    const judged = (...steps: readonly { readonly op: string; readonly urn: string }[]) =>
      judgePreview(steps, expected).map(({ code, path }) => `${code} ${path}`);
    expect(judged(...looked)).toEqual([]);
    expect(judged(...looked, { op: "create", urn: command("workers-1-35-abcdef-w9") })).toEqual([
      "Adopt.PreviewChanges workers-1-35-abcdef-w9",
    ]);
    expect(judged({ op: "replace", urn: command("eu-cp1") })).toEqual([
      "Adopt.PreviewChanges eu-cp1",
      "Adopt.NotLooked workers-1-35-abcdef-w1",
    ]);
  });

  it("names everything that is not taken over", () => {
    expect(codes(PROOF.slice(0, 3))).toEqual([
      "Adopt.NotImported eu",
      "Adopt.NotImported workers-1-35-abcdef",
    ]);
  });
});
