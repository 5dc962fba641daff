import type { GateContext } from "../../../components/gates/host/runtime";
import type { VersionRecordInputs } from "../../../components/gates/versionRecord/protocol";
import { runtime } from "../../../components/gates/versionRecord/runtime";
import { KubeError } from "../../../kube";
import type { StageChange } from "../../../operations/ports";
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

describe("the step that a cloud's provider can't take", () => {
  const soaking = { ...INPUTS, version: "1.36", stage: "emulated", soakSeconds: 21_600 } as const;
  const backUntil = "2026-11-29T12:00:00Z";

  /** The API serves what GKE's two steps left behind; `settled` is what was asked of the cloud for it. */
  const apply = async (
    inputs: VersionRecordInputs,
    found: { gitVersion: string; emulationMinor?: string },
  ) => {
    const [asked, lines]: [StageChange[], string[]] = [[], []];
    const { kube } = scriptApi(({ method, path }) => {
      if (path === "/version") return { major: "1", emulationMajor: "1", ...found };
      return method === "GET" && path.includes("configmaps") ? undefined : { metadata: { uid: "one" } };
    });
    const settleStage = (change: StageChange): Promise<{ readonly backUntil?: string }> => {
      asked.push(change);
      return Promise.resolve(change.stage === "emulated" ? { backUntil } : {});
    };
    const context = {
      ...{ reach: () => Promise.resolve(kube), signal: new AbortController().signal, now: Date.now },
      ...{ live: { settleStage }, log: (line: string) => void lines.push(line) },
    } as unknown as GateContext;
    const { outcome } = await runtime.apply(inputs, undefined, context);
    return {
      outcome,
      lines,
      asked: asked.map(({ version, stage, soakSeconds }) => ({ version, stage, soakSeconds })),
    };
  };

  it("is asked for before anything is recorded, and the record says until when there is a way back", async () => {
    const { outcome, lines, asked } = await apply(soaking, { gitVersion: "v1.36.4", emulationMinor: "35" });
    expect(asked).toEqual([{ version: "1.36", stage: "emulated", soakSeconds: 21_600 }]);
    expect(outcome).toEqual({ uid: "one", binary: "1.36.4", serves: "1.35", backUntil });
    expect(lines).toEqual([expect.stringContaining(`the way back is open until ${backUntil}`)]);
  });

  it("says of a final control plane nothing of a way back", async () => {
    const { outcome, lines, asked } = await apply(INPUTS, { gitVersion: "v1.36.4" });
    expect(asked).toEqual([{ version: "1.36", stage: "final", soakSeconds: undefined }]);
    expect(outcome).toEqual({ uid: "one", binary: "1.36.4", serves: "1.36.4" });
    expect(lines).toEqual([]);
  });

  it("leaves nothing recorded where the stage was not reached", async () => {
    await expect(apply(soaking, { gitVersion: "v1.36.4" })).rejects.toThrow("VersionRecord.NotReached");
  });
});
