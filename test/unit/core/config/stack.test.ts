import { parseStack } from "../../../../core/config";
import type { Problem } from "../../../../core/problem";
import { eksCluster } from "../../../support/eksStack";

const cluster = { name: "local", cloud: "lab", version: "1.36" };
const size = { min: 2, max: 4 };
const workers = { size };

const problemsOf = (
  raw: Record<string, unknown>,
  knownMinors: readonly string[] = [],
): readonly Problem[] => {
  const parsed = parseStack(raw, { knownMinors });
  return parsed.ok ? [] : parsed.problems;
};
const codesAt = (raw: Record<string, unknown>): string[] =>
  problemsOf(raw).map(({ code, path }) => `${code} ${path}`);
const withPool = (pool: object, on: object = cluster) => ({
  cluster: on,
  pools: { workers: { size, ...pool } },
});

describe("a complete stack", () => {
  it("gets every default filled in", () => {
    expect(parseStack({ cluster, pools: { workers } })).toEqual({
      ok: true,
      value: {
        cluster: { ...cluster, stage: "final" },
        pools: [
          {
            name: "workers",
            version: "1.36",
            size,
            zones: [],
            labels: {},
            taints: [],
            strategy: { kind: "blueGreen", poolSurge: 100 },
            drain: { timeoutSeconds: 7200, deadlinePerUpSeconds: 3000 },
            hold: false,
            remove: false,
            protect: false,
            retiring: [],
          },
        ],
        backup: { kind: "etcd", maxAgeSeconds: 86400, proveRestore: true },
        validation: { jobs: [] },
        soak: { seconds: 5 },
        health: { maxNotReadyNodes: 0, timeoutSeconds: 120 },
        guards: { slis: {}, onBreach: "pause" },
        addOns: {},
        window: { allow: [], freeze: [] },
      },
    });
  });

  it("lists pools by name, whatever the order they are written in", () => {
    const parsed = parseStack({ cluster, pools: { workers, gpu: workers, apps: workers } });
    expect(parsed.ok && parsed.value.pools.map(({ name }) => name)).toEqual(["apps", "gpu", "workers"]);
  });

  it("leaves pools at the previous minor while the control plane emulates it", () => {
    const parsed = parseStack({ cluster: { ...cluster, stage: "emulated" }, pools: { workers } });
    expect(parsed.ok && parsed.value.pools[0]?.version).toBe("1.35");
  });

  it("protects the generations of a staged pool", () => {
    const parsed = parseStack(withPool({ strategy: { kind: "staged" } }));
    expect(parsed.ok && parsed.value.pools[0]?.protect).toBe(true);
  });
});

describe("problems are reported all at once", () => {
  it("from every block and every pool", () => {
    const raw = {
      clustr: {},
      cluster: { ...cluster, name: "Local", version: 1.3 },
      pools: { workers: { size: { min: 5, max: 2 } }, gpu: { size, hold: true }, B_: { size } },
      backup: { kind: "velero" },
      soak: { duration: 5 },
    };
    expect(codesAt(raw).sort()).toEqual([
      "Config.DurationWithoutUnit soak.duration",
      "Config.Name cluster.name",
      "Config.Name pools.B_",
      "Config.NotAllowed backup.kind",
      "Config.OutOfRange pools.workers.size.min",
      "Config.UnknownKey clustr",
      "Pool.HoldNeedsVersion pools.gpu.version",
      "Version.Unquoted cluster.version",
    ]);
  });

  it("with nothing at all in config", () => {
    expect(codesAt({})).toEqual(["Config.Missing cluster", "Config.Missing pools"]);
  });
});

describe("a bad version", () => {
  it("given as a number says what YAML did to it", () => {
    expect(problemsOf({ cluster: { ...cluster, version: 1.3 }, pools: { workers } })).toEqual([
      {
        code: "Version.Unquoted",
        path: "cluster.version",
        message:
          "found the number 1.3; without quotes YAML reads a version as a number, and 1.30 becomes 1.3",
        fix: 'put it in quotes: "1.30", or "1.3" if that is meant',
      },
    ]);
  });

  it.each(["1.36.x", "v1", "v1.36", "latest", "", "1"])("%p is refused", version => {
    expect(codesAt({ cluster: { ...cluster, version }, pools: { workers } })).toEqual([
      "Version.Unreadable cluster.version",
    ]);
  });

  it("that is missing is refused", () => {
    expect(codesAt({ cluster: { name: "a", cloud: "lab" }, pools: { workers } })).toEqual([
      "Config.Missing cluster.version",
    ]);
  });

  it("that nobody knows names those that are known", () => {
    const raw = { cluster: { ...cluster, version: "1.99" }, pools: { workers } };
    expect(problemsOf(raw, ["1.35", "1.36"])).toMatchObject([
      {
        code: "Version.Unknown",
        path: "cluster.version",
        message: 'found "1.99"; known minors are 1.35 to 1.36',
      },
    ]);
  });

  it("of a pool newer than the control plane is refused", () => {
    expect(codesAt(withPool({ version: "1.37" }))).toEqual([
      "Pool.NewerThanControlPlane pools.workers.version",
    ]);
  });

  it("of a pool at the new minor while the old one is served is refused", () => {
    const raw = withPool({ version: "1.36" }, { ...cluster, stage: "emulated" });
    expect(codesAt(raw)).toEqual(["Pool.GreenWhileEmulated pools.workers.version"]);
  });

  it("of a pool must be said when it can't be derived", () => {
    const raw = withPool({}, { ...cluster, version: "1.36.4", stage: "emulated" });
    expect(codesAt(raw)).toEqual(["Pool.VersionNeeded pools.workers.version"]);
  });
});

describe("keys and words", () => {
  it("an unknown key says which one was meant", () => {
    expect(problemsOf(withPool({ hlod: true }))[0]?.message).toContain('did you mean "hold"?');
  });

  it("an unknown word says which one was meant", () => {
    expect(problemsOf({ cluster: { ...cluster, cloud: "ekss" }, pools: { workers } })[0]?.fix).toBe(
      'did you mean "eks"?',
    );
  });

  it("labels under our own prefix are refused", () => {
    expect(codesAt(withPool({ labels: { "changeover.dev/pool": "x" } }))).toEqual([
      "Config.ReservedKey pools.workers.labels.changeover.dev/pool",
    ]);
  });

  it.each(["30", "5x", "0m", 50, null])("a duration of %p is refused", timeout => {
    expect(codesAt(withPool({ drain: { timeout } }))[0]).toMatch(
      /^Config\.Duration(WithoutUnit)? pools\.workers\.drain/,
    );
  });

  it("a setting that nothing keeps yet is refused, not ignored", () => {
    const raw = { cluster, pools: { workers }, window: { allow: ["Tue-Thu 09:00-16:00 Europe/Berlin"] } };
    expect(codesAt(raw)).toEqual(["Config.NotYet window"]);
  });
});

describe("what a cloud needs", () => {
  it("is asked for outside the lab", () => {
    const raw = withPool({}, eksCluster("eu", "1.36"));
    expect(codesAt(raw)).toEqual([
      "Config.Missing pools.workers.image",
      "Config.Missing pools.workers.machine",
      "Config.Missing backup.kind",
    ]);
  });

  it("includes its region", () => {
    const nowhere = { ...eksCluster("eu", "1.36"), region: undefined };
    const raw = { ...withPool({ image: "a", machine: "b" }, nowhere), backup: { kind: "none" } };
    expect(codesAt(raw)).toEqual(["Config.Missing cluster.region"]);
  });
});
