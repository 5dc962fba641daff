import { describeLive, describePlan, describeRefusal } from "../../../../lab/demo/engineLines";

const GATE = "pulumi-nodejs:dynamic/changeover:";

describe("a line of the engine while it works", () => {
  it.each([
    [
      ` ~  ${GATE}Backup demo updated (6s) [diff: ~transition]`,
      "~ Backup demo updated (6s) [diff: ~transition]",
    ],
    [` -  ${GATE}Interlock workers-1-35-75f81c deleted (5s)`, "- Interlock workers-1-35-75f81c deleted (5s)"],
    [
      ` +  ${GATE}GenerationGate w **creating failed** error: no nodes`,
      "+ GenerationGate w **creating failed** error: no nodes",
    ],
    [
      " +  pulumi:pulumi:Stack changeover-demo creating (7s) [LabControlPlane] start etcd",
      "  LabControlPlane: start etcd",
    ],
  ])("%s is told as %s", (line, told) => {
    expect(describeLive(line)).toBe(told);
  });

  it.each([
    ` ~  ${GATE}Backup demo updating (0s) [diff: ~transition]`,
    ` ~  ${GATE}Backup demo update [diff: ~transition]`,
    " +  changeover:index:NodePool workers created",
    "    + 17 created",
    "    [LabControlPlane] start etcd",
    "Diagnostics:",
    "",
  ])("%j tells nothing new", line => {
    expect(describeLive(line)).toBeUndefined();
  });

  it("is kept to two lines of a terminal", () => {
    const told = describeLive(
      ` ~  ${GATE}Stack x updating [Migration] ${"waiting on PDB shop/cart, ".repeat(20)}`,
    );
    expect(told).toHaveLength(156);
    expect(told?.endsWith("…")).toBe(true);
  });
});

describe("a preview", () => {
  it("is told resource by resource, then by what the policies say and how much changes", () => {
    const lines = [
      "Previewing update (demo):",
      ` ~  ${GATE}Backup demo update [diff: ~transition]`,
      " +  changeover:index:Generation workers-1-36-23ecc0 create ",
      ` +  ${GATE}LabNodePool workers-1-36-23ecc0 create `,
      "Policies:",
      "    ✅ changeover@v0.1.0 (local: policy)",
      "",
      "Resources:",
      "    + 4 to create",
      "",
    ];
    expect(describePlan(lines)).toEqual([
      "~ Backup demo update [diff: ~transition]",
      "+ LabNodePool workers-1-36-23ecc0 create",
      "policies ✅ changeover@v0.1.0 (local: policy)",
      "+ 4 to create",
    ]);
  });
});

describe("a refusal", () => {
  const error = `error: ${GATE}UpgradeGate resource 'demo': property cluster.version value {<nil>} has a problem: ControlPlane.SkippedMinor: found "1.37"`;

  it("names each reason once, without the engine's wrapping", () => {
    const lines = [
      "Diagnostics:",
      `  ${GATE}UpgradeGate (demo):`,
      `    ${error}`,
      `    ${error}`,
      "    error: something else",
      "",
    ];
    expect(describeRefusal(lines)).toEqual([
      'cluster.version: ControlPlane.SkippedMinor: found "1.37"',
      "error: something else",
    ]);
  });

  it("names what is wrong in a config that is refused, with what to do", () => {
    const lines = [
      "Diagnostics:",
      "  pulumi:pulumi:Stack (demo):",
      "    warning: using pulumi-resource-aws from $PATH",
      "    error: the stack's config is refused:",
      "      - Pool.NewerThanControlPlane at pools.workers.version: asks for 1.36",
      "        fix: set it to 1.35",
      "",
      "Resources:",
      "    1 errored",
    ];
    expect(describeRefusal(lines)).toEqual([
      "error: the stack's config is refused:",
      "- Pool.NewerThanControlPlane at pools.workers.version: asks for 1.36",
      "fix: set it to 1.35",
    ]);
  });

  it("is heard also after what another resource says first", () => {
    const lines = [
      "Diagnostics:",
      "  pulumi:pulumi:Stack (demo):",
      "    warning: using pulumi-resource-gcp from $PATH",
      "",
      `  ${GATE}UpgradeGate (demo):`,
      "    error: too late",
      "",
      "Outputs:",
      "    error: of nobody",
    ];
    expect(describeRefusal(lines)).toEqual(["error: too late"]);
  });

  it("names what a policy refused, and not what one passed", () => {
    const lines = [
      "Policies:",
      "    ❌ changeover@v0.1.0 (local: policy)",
      "        - [mandatory]  no-skipped-minor",
      "",
    ];
    expect(describeRefusal(lines)).toEqual([
      "❌ changeover@v0.1.0 (local: policy)",
      "- [mandatory]  no-skipped-minor",
    ]);
    expect(describeRefusal(["Policies:", "    ✅ changeover@v0.1.0 (local: policy)", ""])).toEqual([]);
  });
});
