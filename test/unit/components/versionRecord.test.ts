import type { GateContext } from "../../../components/gates/host/runtime";
import type { VersionRecordInputs } from "../../../components/gates/versionRecord/protocol";
import { runtime } from "../../../components/gates/versionRecord/runtime";
import { KubeError } from "../../../kube";
import { scriptApi } from "../../support/scriptedApi";

const INPUTS: VersionRecordInputs = {
  ...{ gate: "VersionRecord", protocol: 1, connection: { cloud: "lab", name: "a" }, cluster: "a" },
  ...{ version: "1.36", stage: "final", kubeletMayTrail: 3, pools: [] },
};

type Reach = GateContext["reach"];

const leadsTo =
  (uid: string): Reach =>
  () =>
    Promise.resolve(scriptApi(() => ({ metadata: { uid } })).kube);
const unreachable: Reach = () =>
  Promise.reject(new KubeError({ kind: "unreachable", message: "connection refused" }));
const absent: Reach = () => Promise.resolve("absent");

const check = async (reach: Reach, clusterUid?: string) => {
  const signal = new AbortController().signal;
  const context = { reach, signal } as unknown as GateContext;
  const olds = clusterUid === undefined ? undefined : { ...INPUTS, clusterUid };
  const checked = await runtime.check?.(INPUTS, olds, context);
  return {
    bound: checked?.inputs.clusterUid,
    problems: checked?.problems.map(({ code, message }) => `${code} ${message}`),
  };
};

describe("the cluster that a stack is bound to", () => {
  it("is the first that is seen", async () => {
    expect(await check(leadsTo("one"))).toEqual({ bound: "one", problems: [] });
  });

  it.each([
    ["absent", absent],
    ["unreachable", unreachable],
    ["the same", leadsTo("one")],
  ])("stays while the cluster is %s", async (_what, reach) => {
    expect(await check(reach, "one")).toEqual({ bound: "one", problems: [] });
    expect((await check(reach)).problems).toEqual([]);
  });

  it("is no other, and both are named", async () => {
    const { bound, problems } = await check(leadsTo("two"), "one");
    expect(bound).toBe("one");
    expect(problems).toEqual([
      "UpgradeGate.AnotherCluster this stack is bound to the cluster whose namespace kube-system has the UID one; the connection now leads to two",
    ]);
  });
});
