import fc from "fast-check";
import { type PoolSpec, parseStack } from "../../../../core/config";
import { generationId } from "../../../../core/identity/generation";
import { aksCluster, aksPool } from "../../../support/aksStack";
import { eksCluster, eksWorkers } from "../../../support/eksStack";
import { gkeCluster, gkeWorkers } from "../../../support/gkeStack";

type Raw = Record<string, unknown>;

const lab = { name: "local", cloud: "lab", version: "1.36" };
const workers: Raw = {
  size: { min: 2, max: 4 },
  machine: "lab.large",
  zones: ["b", "a"],
  labels: { role: "x" },
};
const zoned: Raw = { ...workers, perZone: true };

const read = (pools: Raw, cluster: object = lab) =>
  parseStack({ cluster: { ...cluster }, pools, backup: { kind: "none" } });

const poolsOf = (pools: Raw, cluster?: object): readonly PoolSpec[] => {
  const parsed = read(pools, cluster);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems, null, 1));
  return parsed.value.pools;
};

const problemsOf = (pools: Raw, cluster?: object): readonly string[] => {
  const parsed = read(pools, cluster);
  return parsed.ok ? [] : parsed.problems.map(({ code, path }) => `${code} ${path}`);
};

const namesOf = (pools: Raw, cluster?: object): readonly string[] =>
  poolsOf(pools, cluster).map(({ name }) => name);

const idOf = (pool: PoolSpec): string => generationId("local", pool);

describe("a block without perZone", () => {
  it("is read as ever, and keeps its generation", () => {
    const golden =
      '[{"size":{"min":2,"max":4},"machine":"lab.large","zones":["a","b"],"labels":{"role":"x"},"taints":[],"strategy":{"kind":"blueGreen","poolSurge":100},"drain":{"timeoutSeconds":7200,"deadlinePerUpSeconds":3000},"hold":false,"remove":false,"retiring":[],"name":"workers","version":"1.36","protect":false}]';
    for (const block of [workers, { ...workers, perZone: false }]) {
      const pools = poolsOf({ workers: block });
      expect(JSON.stringify(pools)).toBe(golden);
      expect(pools.map(idOf)).toEqual(["workers-1-36-2d77df"]);
    }
  });
});

describe("a block with perZone", () => {
  it("is one pool a zone, the same that blocks written by hand are", () => {
    const byHand = {
      "workers-a": { ...workers, zones: ["a"] },
      "workers-b": { ...workers, zones: ["b"] },
    };
    const pools = poolsOf({ workers: zoned });
    expect(pools).toEqual(poolsOf(byHand).map(pool => ({ ...pool, block: "workers" })));
    expect(pools.map(idOf)).toEqual(poolsOf(byHand).map(idOf));
  });

  it("stands among the other pools by name", () => {
    expect(namesOf({ workers: zoned, "workers-aa": workers, api: workers })).toEqual([
      "api",
      "workers-a",
      "workers-aa",
      "workers-b",
    ]);
  });

  it("over one zone is one pool, called after it: a second zone then renames nothing", () => {
    expect(namesOf({ workers: { ...zoned, zones: ["a"] } })).toEqual(["workers-a"]);
  });

  const zone = fc.stringMatching(/^[a-z0-9]{1,8}$/);
  const block = fc.record(
    {
      zones: fc.array(zone, { minLength: 1, maxLength: 6 }),
      size: fc.constantFrom({ min: 0, max: 1 }, { min: 3, max: 9 }),
      machine: fc.constantFrom("lab.small", "lab.large"),
      labels: fc.constantFrom({}, { role: "web" }),
      taints: fc.constantFrom([], [{ key: "team", value: "a", effect: "NoSchedule" }]),
      strategy: fc.constantFrom({}, { kind: "staged" }, { poolSurge: "50%" }),
      version: fc.constantFrom("1.35", "1.36"),
      remove: fc.boolean(),
      expects: fc.constant({ "example.com/gpu": 1 }),
    },
    { requiredKeys: ["zones", "size"] },
  );

  it("divides its zones among pools that differ in nothing else", () => {
    const check = (raw: Raw): void => {
      const [whole] = poolsOf({ p: raw });
      const pools = poolsOf({ p: { ...raw, perZone: true } });
      expect(pools.flatMap(pool => pool.zones)).toEqual(whole?.zones);
      expect(pools.map(pool => pool.zones.length)).not.toContain(0);
      expect(new Set(pools.map(({ name }) => name)).size).toBe(pools.length);
      expect(new Set(pools.map(idOf)).size).toBe(pools.length);
      for (const pool of pools) {
        const { block: written, ...rest } = pool;
        expect(written).toBe("p");
        expect(rest).toEqual({ ...whole, name: `p-${pool.zones.join()}`, zones: pool.zones });
      }
    };
    fc.assert(fc.property(block, check));
  });
});

describe("what a block with perZone can't say", () => {
  const adopt = { name: "ng-1", generation: "workers-1-36-abcdef" };

  it.each<[string, Raw, readonly string[]]>([
    ["no zones", { zones: [] }, ["Config.Missing pools.workers.zones"]],
    [
      "a zone that makes the name too long",
      { zones: ["europe-west1-b", "c"] },
      ["PerZone.Name pools.workers.zones"],
    ],
    ["a zone that makes no name", { zones: ["Zone_1"] }, ["PerZone.Name pools.workers.zones"]],
    [
      "a mistake, which is told once",
      { hold: true, protect: true },
      ["Pool.HoldNeedsVersion pools.workers.version", "Pool.ProtectWithOneShot pools.workers.protect"],
    ],
  ])("%s", (_what, over, expected) => {
    expect(problemsOf({ workers: { ...zoned, ...over } })).toEqual(expected);
  });

  it("names the zone and the pool it would make", () => {
    const parsed = read({ workers: { ...zoned, zones: ["a", "europe-west1-b"] } });
    expect(parsed.ok ? [] : parsed.problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        /^zone "europe-west1-b" makes the pool "workers-europe-west1-b" of 22 letters; .* 20 /,
      ),
    ]);
  });

  it("tells a bad name of the block itself, and that only", () => {
    expect(problemsOf({ Workers: zoned })).toEqual(["Config.Name pools.Workers"]);
  });

  it.each<[string, Raw, readonly string[]]>([
    [
      "a block written by hand",
      { workers: zoned, "workers-a": workers },
      ["PerZone.NameTaken pools.workers"],
    ],
    [
      "another one of its kind",
      { w: { ...zoned, zones: ["x-a", "b"] }, "w-x": zoned },
      ["PerZone.NameTaken pools.w-x"],
    ],
  ])("the same pool as %s", (_what, pools, expected) => {
    expect(problemsOf(pools)).toEqual(expected);
  });

  it("adopted machines, which are one pool", () => {
    const block = { ...eksWorkers("1.36.4-20261105"), perZone: true, adopt };
    expect(problemsOf({ workers: block }, eksCluster("eu", "1.36"))).toEqual([
      "PerZone.Adopt pools.workers.perZone",
    ]);
  });

  it("Karpenter, which chooses zones itself", () => {
    const block = { ...eksWorkers("1.36.4-20261105"), perZone: true, karpenter: {} };
    expect(problemsOf({ workers: block }, eksCluster("eu", "1.36"))).toEqual([
      "PerZone.Karpenter pools.workers.perZone",
    ]);
  });

  it("machines that are listed, whose zones nobody asks for", () => {
    const kubeadm = { controlPlanes: { cp1: "10.0.0.11" }, ssh: { knownHosts: "known_hosts" } };
    const cluster = { name: "eu", cloud: "kubeadm", version: "1.36.4", kubeconfig: "kubeconfig", kubeadm };
    const block = {
      size: { min: 1, max: 1 },
      image: "1.36.4-1.1",
      hosts: { w1: "10.0.0.21" },
      perZone: true,
    };
    expect(problemsOf({ workers: block }, cluster)).toEqual(["Config.NotAllowed pools.workers.perZone"]);
  });

  it("a generation of another pool among those it leaves", () => {
    const spec = { version: "1.35", size: { min: 2, max: 4 } };
    const retiring = [{ generation: "workers-c-1-35-abcdef", spec }];
    const block = { ...zoned, strategy: { kind: "staged" }, retiring };
    expect(problemsOf({ workers: block })).toEqual([
      "Retiring.UnknownPool pools.workers.retiring.0.generation",
    ]);
  });
});

describe("perZone on each cloud", () => {
  it("eks: a zone is a key of the subnets", () => {
    const block = { ...eksWorkers("1.36.4-20261105"), perZone: true };
    expect(namesOf({ workers: block }, eksCluster("eu", "1.36"))).toEqual(["workers-a", "workers-b"]);
    expect(problemsOf({ workers: { ...block, zones: ["a", "x"] } }, eksCluster("eu", "1.36"))).toEqual([
      "Eks.ZoneWithoutSubnet pools.workers.zones",
    ]);
    expect(problemsOf({ workers: { ...block, image: undefined } }, eksCluster("eu", "1.36"))).toEqual([
      "Config.Missing pools.workers.image",
    ]);
  });

  it("gke: a size that would not divide over the zones of one pool does for a pool a zone", () => {
    const block = { ...gkeWorkers("1.36.4-gke.1234000"), zones: ["b", "c"], size: { min: 1, max: 1 } };
    const cluster = gkeCluster("eu", "1.36");
    expect(problemsOf({ workers: block }, cluster)).toEqual(["Gke.SizePerZone pools.workers.size"]);
    expect(namesOf({ workers: { ...block, perZone: true } }, cluster)).toEqual(["workers-b", "workers-c"]);
    expect(problemsOf({ workers: { ...block, perZone: true, zones: [] } }, cluster)).toEqual([
      "Config.Missing pools.workers.zones",
    ]);
  });

  describe("aks", () => {
    const cluster = aksCluster("eu", "1.36.4") as { readonly aks: object };
    const system = { ...aksPool({ min: 1, max: 2 }), zones: ["1", "2"], perZone: true };

    it("a system pool is named by its block, and every pool of it is one", () => {
      const parsed = read({ system }, cluster);
      expect(parsed.ok && parsed.value.cluster.aks?.systemPools).toEqual(["system-1", "system-2"]);
    });

    it("a generation's name still says which pool it is of", () => {
      expect(poolsOf({ system }, cluster).map(idOf)).toEqual([
        expect.stringMatching(/^system-1-1-36-/),
        expect.stringMatching(/^system-2-1-36-/),
      ]);
    });

    it("is held to the rules of system pools as a whole", () => {
      const gone = { ...system, remove: true, size: { min: 0, max: 1 } };
      expect(problemsOf({ system: gone }, cluster)).toEqual([
        "Aks.SystemPoolEmpty pools.system.size",
        "Aks.LastSystemPool pools.system.remove",
      ]);
      expect(problemsOf({ other: system }, cluster)).toEqual([
        "Aks.UnknownSystemPool cluster.aks.systemPools",
      ]);
    });
  });
});
