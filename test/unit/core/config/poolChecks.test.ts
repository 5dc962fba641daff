import { parseStack } from "../../../../core/config";
import { generationId } from "../../../../core/identity/generation";

const size = { min: 2, max: 4 };
const codesOf = (pools: Record<string, object>): string[] => {
  const parsed = parseStack({ cluster: { name: "local", cloud: "lab", version: "1.36" }, pools });
  return parsed.ok ? [] : parsed.problems.map(({ code, path }) => `${code} ${path}`);
};
const blue = { version: "1.35", zones: [], labels: {}, taints: [] };
const blueId = generationId("local", { name: "workers", ...blue });
const entry = { generation: blueId, spec: { version: "1.35", size } };
const staged = { size, strategy: { kind: "staged" } };

describe("settings of one pool that exclude each other", () => {
  it("protect with a one-shot upgrade", () => {
    expect(codesOf({ workers: { size, protect: true } })).toEqual([
      "Pool.ProtectWithOneShot pools.workers.protect",
    ]);
  });
  it("waves with a staged pool, which keeps its old machines", () => {
    const strategy = { kind: "staged", poolSurge: "50%" };
    expect(codesOf({ workers: { size, strategy } })).toEqual([
      "Pool.WavesWhenStaged pools.workers.strategy.poolSurge",
    ]);
    expect(codesOf({ workers: { size, strategy: { poolSurge: "50%" } } })).toEqual([]);
  });
  it("hold without a version", () => {
    expect(codesOf({ workers: { size, hold: true } })).toEqual([
      "Pool.HoldNeedsVersion pools.workers.version",
    ]);
  });
  it("hold and remove", () => {
    expect(codesOf({ workers: { size, hold: true, remove: true, version: "1.35" } })).toEqual([
      "Pool.HoldAndRemove pools.workers.remove",
    ]);
  });
});

describe("devices that a pool's nodes are expected to offer", () => {
  it("are extended resources, at least one of each", () => {
    expect(codesOf({ gpu: { size, expects: { "nvidia.com/gpu": 8, "vpc.amazonaws.com/efa": 4 } } })).toEqual(
      [],
    );
    const wrong = { gpu: 1, "requests.nvidia.com/gpu": 1, "kubernetes.io/batch-cpu": 1, "amd.com/gpu": 0 };
    expect(codesOf({ gpu: { size, expects: wrong } })).toEqual([
      "Config.Shape pools.gpu.expects.gpu",
      "Config.Shape pools.gpu.expects.requests.nvidia.com/gpu",
      "Config.Shape pools.gpu.expects.kubernetes.io/batch-cpu",
      "Config.OutOfRange pools.gpu.expects.amd.com/gpu",
    ]);
  });
  it("are no part of a generation's identity", () => {
    const machines = { name: "gpu", ...blue };
    expect(generationId("local", { ...machines, ...{ expects: { "nvidia.com/gpu": 1 } } })).toBe(
      generationId("local", machines),
    );
  });
});

describe("a list of retiring generations", () => {
  it("is accepted when hash and settings agree", () => {
    expect(codesOf({ workers: { ...staged, retiring: [entry] } })).toEqual([]);
  });
  it("needs a staged pool", () => {
    expect(codesOf({ workers: { size, retiring: [entry] } })).toEqual([
      "Retiring.NeedsStaged pools.workers.retiring",
    ]);
  });
  it("does not hold a generation of another pool", () => {
    expect(codesOf({ gpu: { ...staged, retiring: [entry] } })).toEqual([
      "Retiring.UnknownPool pools.gpu.retiring.0.generation",
    ]);
  });
  it("holds each generation once", () => {
    expect(codesOf({ workers: { ...staged, retiring: [entry, entry] } })).toEqual([
      "Retiring.Duplicate pools.workers.retiring.1.generation",
    ]);
  });
  it("does not hold the generation the pool asks for itself", () => {
    expect(codesOf({ workers: { ...staged, version: "1.35", retiring: [entry] } })).toEqual([
      "Retiring.IsActive pools.workers.retiring.0.generation",
    ]);
  });
  it("keeps its settings frozen", () => {
    const changed = { ...entry, spec: { ...entry.spec, machine: "other" } };
    expect(codesOf({ workers: { ...staged, retiring: [changed] } })).toEqual([
      "Retiring.HashMismatch pools.workers.retiring.0.spec",
    ]);
  });
  it("takes a share with or without its sign, because the key says percent", () => {
    for (const drainPercent of ["25%", 25]) {
      expect(codesOf({ workers: { ...staged, retiring: [{ ...entry, drainPercent }] } })).toEqual([]);
    }
  });
});
