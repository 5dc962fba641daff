import { parseStack } from "../../../../core/config";
import { connectionOf } from "../../../../core/config/connection";
import { type Problem, ProblemError } from "../../../../core/problem";
import { desiredOf } from "../../../../core/upgrade/desired";
import { KubeError } from "../../../../kube";
import {
  type PreflightPorts,
  type PreflightReport,
  runPreflight,
} from "../../../../operations/preflight/preflight";
import { failed, scriptApi } from "../../../support/scriptedApi";

const parsed = parseStack({
  cluster: { name: "c", cloud: "lab", version: "1.36" },
  pools: { workers: { size: { min: 2, max: 6 } } },
});
if (!parsed.ok) throw new Error("refused");
const desired = desiredOf(parsed.value, { kubeletMayTrail: 3, controlPlaneBack: "none" });
const connection = connectionOf(parsed.value.cluster);
const wanted = { connection, desired, seconds: { least: 600, most: 7_200 }, stack: "o/p/s" };

const look = (error: Error, live: PreflightPorts["live"] = {}): Promise<PreflightReport> => {
  const reach = () => Promise.resolve(scriptApi(() => error).kube);
  return runPreflight({ reach, now: Date.now, live }, wanted, AbortSignal.timeout(5_000));
};

const refused = failed(401, { reason: "Unauthorized", message: "Unauthorized" });
const told: Problem = {
  code: "Cloud.NoAccess",
  path: "cluster",
  message: "you are nobody",
  fix: "be somebody",
};

describe("a cluster that can't be looked at", () => {
  it("is a refusal in the cloud's own words where its API lets nobody in, not an outage to wait for", async () => {
    const explainNoAccess = jest.fn(() => Promise.resolve(told));
    const report = await look(refused, { explainNoAccess });
    expect(report).toMatchObject({ checked: "unreachable", blockers: [told] });
    expect(explainNoAccess).toHaveBeenCalledWith(connection, expect.any(AbortSignal));
  });

  it("is a refusal in general words where the cloud has none, or does not answer itself", async () => {
    const denied = new ProblemError("AWS refused", [told]);
    const late = new KubeError({ kind: "unreachable", message: "no answer in time" });
    for (const failure of [undefined, denied, late]) {
      const live = failure === undefined ? {} : { explainNoAccess: () => Promise.reject(failure) };
      const { blockers } = await look(refused, live);
      expect(blockers).toMatchObject([{ code: "Preflight.NoAccess" }]);
      expect(blockers[0]?.message).toContain("401 Unauthorized");
    }
  });

  it("is no answer from a place that the cloud does not have, whether it is silent or refuses", async () => {
    const checkPlace = jest.fn(() => Promise.resolve([told]));
    const silent = new KubeError({ kind: "unreachable", message: "no answer" });
    for (const error of [silent, new ProblemError("refused", [told])])
      expect(await look(error, { checkPlace })).toMatchObject({ checked: "unreachable", blockers: [told] });
    await expect(look(new Error("a bug"), { checkPlace })).rejects.toThrow("a bug");
    expect(checkPlace).toHaveBeenCalledTimes(2);
  });

  it("stays what it was where the cloud has the place, or does not tell", async () => {
    const denied = new ProblemError("AWS refused", [told]);
    for (const checkPlace of [() => Promise.resolve([]), () => Promise.reject(denied)]) {
      const silent = new KubeError({ kind: "unreachable", message: "no answer" });
      expect(await look(silent, { checkPlace })).toMatchObject({ reason: "no answer", blockers: [] });
      const refusal = new ProblemError("it says no", [told]);
      await expect(look(refusal, { checkPlace })).rejects.toBe(refusal);
    }
  });

  it("stays unknown where credentials are not to be had, and where nothing answers", async () => {
    const none = new KubeError({ kind: "unauthorized", message: "no credentials" });
    const silent = new KubeError({ kind: "unreachable", message: "no answer" });
    for (const error of [none, silent])
      expect(await look(error)).toMatchObject({
        checked: "unreachable",
        reason: error.message,
        blockers: [],
      });
  });
});
